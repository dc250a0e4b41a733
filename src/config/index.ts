/** The public API for configuration: `import { … } from 'onedoor/config'`. Schemas, documents with places, problems, watched files. */

export { nearest } from './check/nearest.ts'
export { peerHint } from './check/peer-words.ts'
export { listProblems } from './check/problem.ts'
export { validate } from './check/validate.ts'
export { child, steps } from './pointer.ts'
export { type Document, readDocument } from './read/document.ts'
export { describe } from './schema/describe.ts'
export type { JsonSchema } from './schema/json-schema.ts'
export { compileRegex, type Refusal, refuseRegex, sampleOf, withoutCaptures } from './schema/safe-regex.ts'
export { StatusSchema, statusSet } from './schema/status-set.ts'
export { formatDuration, formatRate, longestWait, parseDuration, type RateValue } from './schema/units.ts'
export { watchFiles, type FileWatch } from './watch/watch-files.ts'
