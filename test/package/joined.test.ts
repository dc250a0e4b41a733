import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

test('files that are joined from many modules are up to date (npm run generate)', () => {
  execFileSync(process.execPath, ['vendor/join.mjs', '--check'], { cwd: new URL('../../', import.meta.url) })
})
