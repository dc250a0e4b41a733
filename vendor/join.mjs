/**
 * `npm run vendor`: joins the 373 modules of TypeBox in one file, vendor/typebox.js. Each module costs the start of the gateway a search
 * and 50 kB. With `--check` it only compares the file with the installed package.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

const installed = new URL('../node_modules/typebox/', import.meta.url)
const joined = new URL('typebox.js', import.meta.url)

const { version } = JSON.parse(readFileSync(new URL('package.json', installed), 'utf8'))
const license = readFileSync(new URL('license', installed), 'utf8').trim()
const bundle = await rollup({ input: fileURLToPath(new URL('build/index.mjs', installed)), logLevel: 'silent' })
const { output: [{ code }] } = await bundle.generate({ format: 'es', banner: `/*! typebox ${version}\n\n${license}\n*/` })

if (!process.argv.includes('--check')) {
  writeFileSync(joined, code)
} else if (readFileSync(joined, 'utf8') !== code) {
  process.stderr.write('vendor/typebox.js is out of date — npm run vendor\n')
  process.exitCode = 1
}
