/** Runs until a signal stops it. The gateway handles no signals itself: they belong to the program. */

import { start } from './app.ts'

const { close } = await start({ port: Number(process.env['PORT'] ?? 8080) })

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { void close() })
