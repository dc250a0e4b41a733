/** Reads where the admin listener is, without what the rest of a configuration needs. */

import { readDocument, type Document } from '../config/read/document.ts'
import { fitVariables } from '../config/read/fit-variables.ts'
import { adminDefaults } from '../config/schema/admin-defaults.ts'
import type { JsonSchema } from '../config/schema/json-schema.ts'
import type { Problem } from '../config/check/problem.ts'
import { environmentFor } from './environment.ts'
import type { Io } from './io.ts'

/** The part of `admin` that a client needs. */
export interface AdminSection {
  readonly enabled: boolean
  readonly host: string
  readonly port: number
  readonly token: string | undefined
}

/**
 * Reads only the `admin` part of a configuration. A health check must be fast, and must not fail because of a problem elsewhere in a file
 * that is being edited.
 * @param optional whether a section that cannot be read is no error
 * @throws Error with the problem of the section
 */
export async function readAdmin (file: string, io: Io, optional: boolean): Promise<AdminSection> {
  const { document, problems } = readDocument(file, { env: environmentFor(file, io.env) })
  const section = document === undefined ? undefined : sectionOf(document)
  if (section !== undefined) return section
  if (optional) return { ...adminDefaults, port: 0, token: undefined }
  const problem = document === undefined ? problems[0] : await problemOf(document)
  throw new Error(`${file} does not contain the address of the admin listener: ${problem?.message ?? 'it is empty'}`)
}

/** Returns the URL of the listener as this machine reaches it. */
export function addressOf ({ enabled, host, port }: AdminSection): string {
  if (!enabled) throw new Error('the configuration has no admin listener (admin.enabled)')
  if (port === 0) throw new Error('the configuration lets the system choose the admin port (admin.port: 0): give its address with --url')
  // A listener on all addresses is reached on loopback.
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}

/** The types of the section, for variables: a token may look like a number. */
const shape: JsonSchema = {
  properties: {
    admin: {
      properties: { enabled: { type: 'boolean' }, host: { type: 'string' }, port: { type: 'integer' }, token: { type: 'string' } }
    }
  }
}

/** Returns undefined where a value is of another kind than the schema allows. The validator is not loaded for it. */
function sectionOf ({ value, variables }: Document): AdminSection | undefined {
  const root = typeof value === 'object' && value !== null ? value as Record<string, unknown> : {}
  fitVariables(root, variables, way => [shape, way])
  const written = root['admin'] ?? {}
  if (typeof written !== 'object' || Array.isArray(written)) return undefined
  const { enabled, host, port, token }: Partial<Record<keyof AdminSection, unknown>> = { ...adminDefaults, ...written }
  if (typeof enabled !== 'boolean' || typeof host !== 'string' || host === '') return undefined
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535) return undefined
  return token === undefined || typeof token === 'string' ? { enabled, host, port, token } : undefined
}

async function problemOf ({ value }: Document): Promise<Problem | undefined> {
  const { validate } = await import('../config/check/validate.ts')
  const { AdminSchema } = await import('../config/schema/process-schema.ts')
  return validate(AdminSchema, (value as { admin?: unknown }).admin, '/admin').problems[0]
}
