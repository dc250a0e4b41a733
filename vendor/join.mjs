/**
 * `npm run vendor`: joins the modules of packages in one file each, so that nothing has to be built or searched later. With `--check` it
 * only compares the files with the installed packages.
 *
 * - vendor/typebox.js: each of the 373 modules of TypeBox costs the start of the gateway a search and 50 kB.
 * - plugins/core/console/client/vendor/: what browsers load with the console. They cannot resolve names of packages.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'

const root = new URL('../', import.meta.url)
const client = 'plugins/core/console/client/vendor/'

/** Where the modules are that names mean. */
const modules = {
  preact: 'preact/dist/preact.mjs',
  'preact/hooks': 'preact/hooks/dist/hooks.mjs',
  '@preact/signals-core': '@preact/signals-core/dist/signals-core.mjs',
  '@preact/signals': '@preact/signals/dist/signals.mjs',
  htm: 'htm/dist/htm.mjs'
}

const preactEntry = `
import { h } from 'preact'
import htm from 'htm'
export * from 'preact'
export * from 'preact/hooks'
export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from '@preact/signals'
export const html = htm.bind(h)
`

// The module of uPlot is not minified; the script is.
const uplotEntry = `${read('node_modules/uplot/dist/uPlot.iife.min.js')}\nexport default uPlot`

const files = {
  'vendor/typebox.js': await join(['typebox'], installed('typebox/build/index.mjs')),
  [`${client}preact.js`]: await join(['preact', '@preact/signals-core', '@preact/signals', 'htm'], 'entry', preactEntry),
  [`${client}uplot.js`]: await join(['uplot'], 'entry', uplotEntry),
  [`${client}uplot.css`]: `${banner(['uplot'])}\n${read('node_modules/uplot/dist/uPlot.min.css')}`
}

for (const [file, text] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(new URL(file, root), text)
  } else if (read(file) !== text) {
    process.stderr.write(`${file} is out of date — npm run vendor\n`)
    process.exitCode = 1
  }
}

/** Joins an entry, which may have its text given, and all that it imports. */
async function join (packages, input, entry) {
  const resolver = {
    name: 'installed',
    resolveId: name => name === 'entry' ? name : name in modules ? installed(modules[name]) : null,
    load: id => id === 'entry' ? entry : null
  }
  const bundle = await rollup({ input, logLevel: 'silent', plugins: [resolver] })
  const { output: [{ code }] } = await bundle.generate({ format: 'es', banner: banner(packages) })
  return code.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
}

function banner (packages) {
  const notices = packages.map(name => {
    const { version } = JSON.parse(read(`node_modules/${name}/package.json`))
    const license = read(`node_modules/${name}/${name === 'typebox' ? 'license' : 'LICENSE'}`).trim()
    return `${name} ${version}\n\n${license}`
  })
  return `/*! ${notices.join('\n\n')}\n*/`
}

function installed (file) {
  return fileURLToPath(new URL(`node_modules/${file}`, root))
}

function read (file) {
  return readFileSync(new URL(file, root), 'utf8')
}
