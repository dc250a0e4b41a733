/**
 * `npm run generate`: joins many modules in one file, so that nothing has to be built or searched later. With `--check` it only reports
 * which files are out of date.
 *
 * - vendor/typebox.js: each of the 373 modules of TypeBox costs the start of the gateway a search and 50 kB.
 * - plugins/core/console/page/: what browsers load with the console, small and in few requests. They cannot resolve names of packages.
 */

import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rollup } from 'rollup'
import { minify } from 'terser'

const root = new URL('../', import.meta.url)
const client = 'plugins/core/console/client'
const page = 'plugins/core/console/page'

/** Where the modules are that names of packages mean. */
const modules = {
  preact: 'preact/dist/preact.mjs',
  'preact/hooks': 'preact/hooks/dist/hooks.mjs',
  '@preact/signals-core': '@preact/signals-core/dist/signals-core.mjs',
  '@preact/signals': '@preact/signals/dist/signals.mjs',
  htm: 'htm/dist/htm.mjs',
  uplot: 'uplot/dist/uPlot.esm.js'
}

const files = {
  'vendor/typebox.js': banner(['typebox']) + await joined(installed('typebox/build/index.mjs')),
  [`${page}/console.js`]: banner(['preact', '@preact/signals-core', '@preact/signals', 'htm', 'uplot']) + await small(`${client}/main.js`),
  [`${page}/console.css`]: banner(['uplot']) + styles(),
  [`${page}/icon.svg`]: read(`${client}/icon.svg`)
}

for (const [file, text] of Object.entries(files)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(new URL(file, root), text)
  } else if (read(file) !== text) {
    process.stderr.write(`${file} is out of date — npm run generate\n`)
    process.exitCode = 1
  }
}

/** A module and all that it imports. */
async function joined (input) {
  const resolver = { name: 'installed', resolveId: name => name in modules ? installed(modules[name]) : null }
  const bundle = await rollup({ input, logLevel: 'silent', plugins: [resolver] })
  const { output: [{ code }] } = await bundle.generate({ format: 'es' })
  return code.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
}

/** The same without comments, long names and indentation. */
async function small (path) {
  const { code } = await minify(await joined(fileURLToPath(new URL(path, root))), { module: true, ecma: 2020, format: { comments: false } })
  // Lines end in template literals only: in markup, where the spaces at their beginning say nothing.
  return `${code.replaceAll(/\n\s*/g, '\\n')}\n`
}

/** All style sheets. What comes later prevails: the library, then what holds for all views, then what a view has of its own. */
function styles () {
  const own = globSync(`${client}/*/*.css`, { cwd: fileURLToPath(root) }).toSorted()
  const texts = ['node_modules/uplot/dist/uPlot.min.css', `${client}/style.css`, ...own].map(read)
  return `${texts.join('\n').replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/\s+/g, ' ').trim()}\n`
}

/** The licences of packages. */
function banner (packages) {
  const notices = packages.map(name => {
    const { version } = JSON.parse(read(`node_modules/${name}/package.json`))
    const license = read(`node_modules/${name}/${name === 'typebox' ? 'license' : 'LICENSE'}`).trim()
    return `${name} ${version}\n\n${license}`
  })
  return `/*! ${notices.join('\n\n')}\n*/\n`
}

function installed (file) {
  return fileURLToPath(new URL(`node_modules/${file}`, root))
}

function read (file) {
  return readFileSync(new URL(file, root), 'utf8')
}
