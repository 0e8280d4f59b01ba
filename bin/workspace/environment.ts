/**
 * Writes shell commands that set variables and put folders first on PATH.
 * @param variables name → value
 * @param folders first one first
 * @returns lines that every POSIX shell evaluates, whatever the values hold
 */
export function renderEnvironment(variables: Readonly<Record<string, string>>, folders: readonly string[]): string {
  const lines = [
    // It would win over the passphrase file.
    'unset PULUMI_CONFIG_PASSPHRASE',
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `export PATH=${folders.map(quote).join(':')}:"$PATH"`,
  ]
  return `${lines.join('\n')}\n`
}

function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`
}
