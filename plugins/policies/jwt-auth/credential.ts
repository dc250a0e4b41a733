/** The token of a request as a credential. */

import type { FastifyRequest } from 'fastify'
import type { Bearer } from '../../../src/index.ts'

/** Reads the token, and removes it from the forwarded request. */
export interface Credential {
  read (request: FastifyRequest): Bearer
  drop (request: FastifyRequest): void
}
