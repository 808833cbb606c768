/** A token of the local issuer: `sub`, and `claims` and `ttlSeconds` where they matter. */
export async function issueToken(
  { gateway }: { gateway: string },
  caller: { sub: string; claims?: Record<string, unknown>; ttlSeconds?: number },
): Promise<string> {
  const answer = await fetch(`${gateway}/local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(caller),
  })
  return ((await answer.json()) as { token: string }).token
}
