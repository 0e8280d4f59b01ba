import * as z from 'zod'

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  outputs: z.object({ provenAt: z.iso.datetime() }).optional().catch(undefined),
})
const exported = z.object({ deployment: z.object({ resources: z.array(resource).nullish() }).nullish() })

/**
 * Since when each client secret of a stack is known to work: a provider has taken it.
 * @param state what `pulumi stack export` prints, secrets or not
 * @returns logical name of the proof (`<identity provider>-<relying party>-<secret>-proof`) → ISO 8601
 * @throws SyntaxError, z.ZodError when it is no exported stack
 */
export function readProofs(state: string): ReadonlyMap<string, string> {
  const resources = exported.parse(JSON.parse(state)).deployment?.resources ?? []
  return new Map(
    resources.flatMap(({ urn, type, outputs }) =>
      type === 'gatewright-native:oidc:CredentialProof' && outputs
        ? [[urn.slice(urn.lastIndexOf('::') + 2), outputs.provenAt] as const]
        : [],
    ),
  )
}
