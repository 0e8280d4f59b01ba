/** @returns a parameter's value, or nothing where it is missing or there twice, which two readers could read differently */
export function single(parameters: URLSearchParams, name: string): string | undefined {
  const values = parameters.getAll(name)
  return values.length === 1 ? values[0] : undefined
}
