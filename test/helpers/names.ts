/** Names as Node looks them up, for tests that are about other things. */

import { lookup } from 'node:dns'
import type { NameLookup } from '../../src/dns/names.ts'

export const systemNames: NameLookup = { lookup, doubt () {} }
