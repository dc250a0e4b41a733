/** `npm run generate`: writes the generated files. With `--check` it only reports which of them are out of date. */

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
    process.stderr.write(`${path} is out of date — npm run generate\n`)
    continue
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  process.stdout.write(`written: ${path}\n`)
}
