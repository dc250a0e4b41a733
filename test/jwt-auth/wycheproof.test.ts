/**
 * The signature check apart from what tokens say: pairs of good and bad signatures of our own, and those of Project Wycheproof
 * (`testvectors_v1/json_web_signature_test.json`) where WYCHEPROOF names the folder that has them.
 *
 * Payloads of Wycheproof are no JSON, which the library wants before it looks at a signature; so JSON that cannot be
 * read counts as an empty object here. Key, pinned algorithms, head and signature go the way that they go for every
 * token.
 */

import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign, constants, type JsonWebKey, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { makeKey } from '../../plugins/policies/jwt-auth/index.ts'
import { candidates, readHead, type VerifyingKey } from '../../plugins/policies/jwt-auth/key-source.ts'
import { readJwk } from '../../plugins/policies/jwt-auth/key.ts'
import { isCanonical } from '../../plugins/policies/jwt-auth/verification.ts'
import { algorithms, publicAlgorithms, secretAlgorithms, type SignatureAlgorithm } from '../../src/identity/signature-algorithms.ts'
import { segment } from './keys.ts'

/** Why a token is refused; undefined when its signature is good. */
function refusal (key: VerifyingKey, token: string): string | undefined {
  const head = readHead(token)
  if (!isCanonical(token) || head === undefined) return 'unreadable'
  if (candidates([{ ...key, kid: undefined }], head).length === 0) return `algorithm ${head.alg} is not one of the key`
  try {
    key.verify(token)
    return undefined
  } catch (error) {
    return String((error as { code?: string }).code ?? (error as Error).message)
  }
}

async function keyOf (jwk: JsonWebKey): Promise<VerifyingKey | string> {
  if (jwk.kty === 'oct') {
    const used = jwk['alg'] === undefined ? secretAlgorithms : secretAlgorithms.filter(algorithm => algorithm === jwk['alg'])
    // Bytes that are no text cannot stand in a file, but the library takes them.
    return used.length === 0 ? 'no algorithm of ours' : await makeKey(
      { kid: undefined, key: Buffer.from(jwk.k!, 'base64url') as unknown as string, algorithms: used },
      { requiredClaims: [] }
    )
  }
  const read = readJwk(jwk, publicAlgorithms)
  return 'problem' in read ? read.problem : await makeKey(read, { requiredClaims: [] })
}

function readAnyPayload (t: TestContext): void {
  const parse = JSON.parse.bind(JSON)
  t.mock.method(JSON, 'parse', (text: string): unknown => {
    try {
      const value: unknown = parse(text)
      return typeof value === 'object' ? value : {}
    } catch {
      return {}
    }
  })
}

interface Vectors {
  readonly testGroups: readonly {
    readonly comment: string
    readonly public?: JsonWebKey
    readonly private?: JsonWebKey
    readonly tests: readonly {
      readonly tcId: number,
      readonly comment: string,
      readonly jws: string,
      readonly result: 'valid' | 'invalid' | 'acceptable'
    }[]
  }[]
}

/** Good by their label, refused all the same. */
const refusedRightly: Readonly<Record<number, string>> = {
  346: 'the key is for PS256 and the token is of PS384',
  350: 'the same',
  347: 'the key is for ES521, which there is not',
  351: 'the same',
  372: 'a question mark in the head (RFC 7515 §2)',
  373: 'one in the payload'
}

/** Bad by their label: the padding that would make them so is not in the vectors, so that they are byte for byte the good token. */
const goodInFact: ReadonlySet<number> = new Set([367, 370])

const folder = process.env['WYCHEPROOF']

test('Wycheproof: no bad signature is taken for a good one, and good ones are refused for known reasons only', {
  skip: folder === undefined && 'WYCHEPROOF names no folder'
}, async t => {
  const { testGroups } = JSON.parse(readFileSync(join(folder!, 'json_web_signature_test.json'), 'utf8')) as Vectors
  readAnyPayload(t)
  const accepted = { good: 0, bad: [] as string[] }
  const refused = { good: [] as string[], bad: 0 }
  for (const group of testGroups) {
    const key = await keyOf((group.public ?? group.private)!)
    for (const { tcId, comment, jws, result } of group.tests) {
      const why = typeof key === 'string' ? key : refusal(key, jws)
      const good = result === 'valid' || goodInFact.has(tcId)
      if (why === undefined && good) accepted.good++
      else if (why === undefined) accepted.bad.push(`${tcId} ${group.comment} ${comment}`)
      else if (!good) refused.bad++
      else if (refusedRightly[tcId] === undefined) refused.good.push(`${tcId} ${group.comment} ${comment}: ${why}`)
      else t.diagnostic(`refused: ${tcId} ${group.comment} ${comment}: ${why} (${refusedRightly[tcId]})`)
    }
  }
  t.diagnostic(`${accepted.good} good ones accepted, ${refused.bad} bad ones refused`)
  assert.deepEqual(accepted.bad, [])
  assert.deepEqual(refused.good, [])
})

interface Signing { readonly key: KeyObject | Buffer, readonly jwk: JsonWebKey }

const shared = Buffer.alloc(64, 7)
const pairs: Readonly<Record<string, KeyPairKeyObjectResult>> = {
  RS: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: generateKeyPairSync('ed25519')
}

function signing (algorithm: SignatureAlgorithm): Signing {
  if (algorithm.startsWith('HS')) return { key: shared, jwk: { kty: 'oct', k: shared.toString('base64url'), alg: algorithm } }
  const pair = pairs[/^[RP]S/.test(algorithm) ? 'RS' : algorithm]!
  return { key: pair.privateKey, jwk: { ...pair.publicKey.export({ format: 'jwk' }), alg: algorithm } }
}

function signatureOf (
  algorithm: SignatureAlgorithm,
  key: KeyObject | Buffer,
  input: string,
  form: 'ieee-p1363' | 'der' = 'ieee-p1363'
): Buffer {
  const hash = algorithm === 'EdDSA' ? null : `sha${algorithm.slice(2)}`
  if (Buffer.isBuffer(key)) return createHmac(hash!, key).update(input).digest()
  const padding = algorithm.startsWith('PS') ? {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST
  } : {}
  return sign(hash, Buffer.from(input), { key, dsaEncoding: form, ...padding })
}

const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 1
  return copy
}

for (const algorithm of algorithms) {
  test(`a signature with ${algorithm} is good as it is and in no other form`, async () => {
    const { key: signer, jwk } = signing(algorithm)
    const key = await keyOf(jwk)
    if (typeof key === 'string') return assert.fail(key)
    const head = segment({ alg: algorithm, typ: 'JWT' })
    const body = segment({ sub: 'ada' })
    const signature = signatureOf(algorithm, signer, `${head}.${body}`)
    const token = (signature: Buffer, first = head, second = body): string => `${first}.${second}.${signature.toString('base64url')}`
    assert.equal(refusal(key, token(signature)), undefined)

    const bad: Record<string, string> = {
      'the payload of another': token(signature, head, segment({ sub: 'root' })),
      'the head of another': token(signature, segment({ alg: algorithm })),
      'no payload': token(signature, head, ''),
      'nothing': token(Buffer.alloc(0)),
      'a byte less': token(signature.subarray(0, -1)),
      'a byte less in front': token(signature.subarray(1)),
      'a byte more': token(Buffer.concat([signature, Buffer.alloc(1)])),
      'a byte more in front': token(Buffer.concat([Buffer.alloc(1), signature])),
      'twice': token(Buffer.concat([signature, signature])),
      'zeros': token(Buffer.alloc(signature.length)),
      'ones': token(Buffer.alloc(signature.length, 0xff)),
      'backwards': token(Buffer.from(signature).reverse()),
      'padding': `${token(signature)}=`,
      'hexadecimal': `${head}.${body}.${signature.toString('hex')}`
    }
    for (let at = 0; at < signature.length; at += Math.max(1, signature.length >> 4)) {
      bad[`another bit in byte ${at}`] = token(flipped(signature, at))
    }
    for (const other of algorithms.filter(name => name !== algorithm)) {
      const otherHead = segment({ alg: other, typ: 'JWT' })
      bad[`the name of ${other}`] = token(signature, otherHead)
      bad[`the name of ${other}, signed so`] = token(signatureOf(algorithm, signer, `${otherHead}.${body}`), otherHead)
      if (other.slice(0, 2) === algorithm.slice(0, 2) && !algorithm.startsWith('E')) {
        bad[`${other} under its name`] = token(signatureOf(other, signer, `${head}.${body}`))
      }
    }
    if (algorithm.startsWith('ES')) {
      const half = signature.length / 2
      bad['DER'] = token(signatureOf(algorithm, signer, `${head}.${body}`, 'der'))
      bad['r of zero'] = token(Buffer.concat([Buffer.alloc(half), signature.subarray(half)]))
      bad['s of zero'] = token(Buffer.concat([signature.subarray(0, half), Buffer.alloc(half)]))
      bad['r and s in each other\'s place'] = token(Buffer.concat([signature.subarray(half), signature.subarray(0, half)]))
    }
    for (const [what, forged] of Object.entries(bad)) assert.notEqual(refusal(key, forged), undefined, what)
  })
}

for (const algorithm of ['RS256', 'PS256'] as const) {
  test(`a signature with ${algorithm} that begins with a zero byte is good with it and not without`, async () => {
    const { key: signer, jwk } = signing(algorithm)
    const key = await keyOf(jwk)
    if (typeof key === 'string') return assert.fail(key)
    let signed = ''
    let signature: Buffer
    let number = 0
    do {
      signed = `${segment({ alg: algorithm })}.${segment({ sub: 'ada', number: number++ })}`
      signature = signatureOf(algorithm, signer, signed)
    } while (signature[0] !== 0)
    assert.equal(refusal(key, `${signed}.${signature.toString('base64url')}`), undefined)
    assert.equal(refusal(key, `${signed}.${signature.subarray(1).toString('base64url')}`), 'SIGNATURE_LENGTH')
  })
}
