/** `npm run generate`: writes the files that are made from the code; with `--check` it only says which of them are behind. */

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from './generated-files.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const onlyCheck = process.argv.includes('--check')

for (const [path, content] of await generatedFiles()) {
  const file = join(root, path)
  if (await readFile(file, 'utf8').catch(() => undefined) === content) continue
  if (onlyCheck) {
    process.exitCode = 1
    process.stderr.write(`${path} is behind — npm run generate\n`)
    continue
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  process.stdout.write(`written: ${path}\n`)
}
