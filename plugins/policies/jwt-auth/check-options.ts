/**
 * Checks what the schema cannot express: there is one source of keys, the keys can be used, and the algorithms fit them.
 */

import {
  checkIdentityHeaders, checkServiceUrl, leastSecretBytes, looksLikeKey, publicAlgorithms, type Report,
  secretAlgorithms, type SignatureAlgorithm
} from '../../../src/index.ts'
import { publicKeyKind, readJwk } from './key.ts'
import type { JwtOptions } from './options.ts'
import { algorithmsOf, algorithmsOfKey, jwkOf, kidOf, type WrittenKey } from './written-keys.ts'

const sources = ['secret', 'publicKey', 'keys', 'jwks', 'discovery'] as const

export function checkJwtOptions (options: JwtOptions, report: Report): void {
  checkIdentityHeaders(options.identityHeaders, report)
  checkToken(options.token, report)
  const [source, other] = sources.filter(key => options[key] !== undefined)
  if (source === undefined) return report({ pointer: '', message: `needs a key to verify tokens with: ${sources.join(', ')}` })
  if (other !== undefined) {
    return report({ pointer: `/${other}`, message: `cannot stand beside ${source}: keys come from one place`, at: 'key' })
  }
  if (source === 'secret') checkSecret(options.secret!, algorithmsOf(options), '', report)
  else if (source === 'publicKey') checkPublicKey(options.publicKey!, algorithmsOf(options), '', report)
  else if (source === 'keys') checkKeys(options, report)
  else checkPublished(options, source, report)
}

function checkToken ({ from, name }: JwtOptions['token'], report: Report): void {
  if (from === 'bearer' && name !== undefined) {
    report({ pointer: '/token/name', message: 'is for from: header, cookie or query', at: 'key' })
  }
  if (from !== 'bearer' && name === undefined) report({ pointer: '/token', message: `from: ${from} needs a name` })
  if (from === 'header' && /^(?:authorization|cookie|host)$/i.test(name ?? '')) {
    report({ pointer: '/token/name', message: `must not be ${name!}, which has another meaning` })
  }
}

function checkKeys ({ keys, algorithms: written }: JwtOptions, report: Report): void {
  if (written !== undefined) report({ pointer: '/algorithms', message: 'stands with each of keys, to which it is pinned', at: 'key' })
  const kids = new Set<string>()
  for (const [index, key] of keys!.entries()) {
    const pointer = `/keys/${index}`
    const kid = kidOf(key)
    if (kid === undefined) report({ pointer, message: 'needs a kid, by which tokens name it' })
    else if (kids.has(kid)) report({
      pointer: key.kid === undefined ? pointer : `${pointer}/kid`,
      message: `must be another than that of the keys before it, got ${kid} again`
    })
    else kids.add(kid)
    checkOneKey(key, pointer, report)
  }
}

function checkOneKey (key: WrittenKey, pointer: string, report: Report): void {
  const { secret, publicKey, jwk } = key
  if ([secret, publicKey, jwk].filter(part => part !== undefined).length !== 1) report({
    pointer,
    message: 'needs exactly one of secret, publicKey and jwk'
  })
  else if (secret !== undefined) checkSecret(secret, key.algorithms ?? ['HS256'], pointer, report)
  else if (publicKey !== undefined) checkPublicKey(publicKey, algorithmsOfKey(key), pointer, report)
  else checkJwk(key, pointer, report)
}

/** The private members of a JWK (RFC 7518 §6). */
const privateParts = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

function checkJwk (key: WrittenKey, at: string, report: Report): void {
  const pointer = `${at}/jwk`
  const jwk = jwkOf(key.jwk)
  if (jwk === undefined) return report({ pointer, message: 'must be a JWK: a mapping, or JSON of one' })
  // The message names the member but must not show its value.
  const part = privateParts.find(name => Object.hasOwn(jwk, name))
  if (part !== undefined) {
    return report({
      pointer,
      at: 'key',
      message: `must be a public key, got one with its private part ${part}`,
      hint: part === 'k' ? 'a shared secret stands in secret' : 'leave out all but kty, crv, x, y, n, e'
    })
  }
  if (key.algorithms?.some(algorithm => secretAlgorithms.includes(algorithm)) === true) {
    return checkAlgorithms(key.algorithms, publicAlgorithms, at, report)
  }
  const read = readJwk(jwk, algorithmsOfKey(key))
  if ('problem' in read) return report({ pointer, at: 'key', message: read.problem })
  if (key.algorithms !== undefined) checkAlgorithms(key.algorithms, read.algorithms, at, report)
}

function checkPublished (options: JwtOptions, source: 'jwks' | 'discovery', report: Report): void {
  checkServiceUrl(
    options[source]!,
    `/${source}`,
    problem => report(problem.severity === 'warning' ? {
      ...problem,
      message: 'whoever is between gateway and issuer can put keys of their own in place of these'
    } : problem)
  )
  checkAlgorithms(algorithmsOf(options), publicAlgorithms, '', report)
  const { refresh, minimumRefresh } = options.published
  if (minimumRefresh > refresh) report({ pointer: '/published/minimumRefresh', message: 'must not be longer than refresh' })
}

function checkSecret (secret: string, used: readonly SignatureAlgorithm[], at: string, report: Report): void {
  const pointer = `${at}/secret`
  if (secret === '') return report({ pointer, message: 'must not be empty' })
  if (looksLikeKey(secret)) return report({ pointer, message: 'must be a shared secret, got a key in PEM or JWK form', hint: 'publicKey' })
  checkAlgorithms(used, secretAlgorithms, at, report)
  const least = leastSecretBytes(used)
  if (Buffer.byteLength(secret) >= least) return
  report({
    pointer,
    severity: 'warning',
    message: `is shorter than ${least} bytes: whoever has one token can guess it and make others (RFC 7518 §3.2)`,
    hint: `openssl rand -base64 ${least}`
  })
}

function checkPublicKey (pem: string, used: readonly SignatureAlgorithm[], at: string, report: Report): void {
  const kind = publicKeyKind(pem)
  if ('problem' in kind) return report({ pointer: `${at}/publicKey`, message: kind.problem })
  checkAlgorithms(used, kind.fits, at, report)
}

function checkAlgorithms (used: readonly string[], fits: readonly string[], at: string, report: Report): void {
  for (const [index, algorithm] of used.entries()) {
    if (!fits.includes(algorithm)) {
      report({
        pointer: `${at}/algorithms/${index}`,
        message: `must fit the key, which verifies ${fits.join(', ')}; got ${algorithm}`,
        hint: `algorithms: [${fits[0]!}]`
      })
    }
  }
}
