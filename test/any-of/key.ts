/** A user's policies for tests: one that knows clients by a key, and one that only looks at where they are. */

/** `x-key: k-NAME` is the client NAME. */
export const key = `import { authentication, GatewayError, refuse, Type } from 'onedoor'
export const config = {
  options: Type.Object({ tier: Type.String({ default: 'basic' }) }, { additionalProperties: false }),
  sets: () => ['x-consumer']
}
export const authenticator = (app, { tier }) => ({ headers }) => {
  const value = headers['x-key']
  if (value === undefined) {
    return refuse(new GatewayError('missing-token', { headers: { 'www-authenticate': 'Key realm="keys"' } }), 'no key', false)
  }
  if (!value.startsWith('k-')) return refuse(new GatewayError('invalid-token'), 'unknown key', true)
  return { admitted: true, claims: { sub: value.slice(2), tier }, fields: ['x-consumer', value.slice(2)], why: 'known key' }
}
export default authentication(authenticator)
`

/** Accepts every request with \`x-place: office\`, without claims. */
export const place = `import { authentication, GatewayError, refuse, Type } from 'onedoor'
export const config = { options: Type.Object({}, { additionalProperties: false }), authenticates: () => false }
export const authenticator = () => ({ headers }) => headers['x-place'] === 'office'
  ? { admitted: true, why: 'in the office' }
  : refuse(new GatewayError('forbidden'), 'elsewhere', false)
export default authentication(authenticator)
`

/** A policy that rejects no request. */
export const stamp = 'export const config = {}\nexport default async app => { app.addHook("onRequest", async () => {}) }\n'
