import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

test('vendor/typebox.js is TypeBox as it is installed; `npm run vendor` makes it so', () => {
  execFileSync(process.execPath, ['vendor/join.mjs', '--check'], { cwd: new URL('../../', import.meta.url) })
})
