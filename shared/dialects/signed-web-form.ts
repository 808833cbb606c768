/** A signed form and where it is good for. */
export type SignedWebForm = {
  signed: Readonly<Record<string, string>>
  place: { host: string; dir: string; key?: string; expiresAt: number; callback: string }
}
