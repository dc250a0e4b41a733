/**
 * Compiles the package to dist/, where its files are JavaScript with types and source maps: Node strips no types inside `node_modules`.
 * `npm pack` and `npm publish` run it, and so does npm for an installation from git. In a checkout everything runs from source.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('.', import.meta.url))

if (!process.argv.includes('--from-git') || installedFromGit(process.env)) build()

function build () {
  rmSync(`${root}dist`, { recursive: true, force: true })
  const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
  const { status } = spawnSync(process.execPath, [tsc, '--project', `${root}tsconfig.build.json`], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
  // What browsers load is JavaScript already.
  cpSync(`${root}plugins/core/console/page`, `${root}dist/plugins/core/console/page`, { recursive: true })
  appendFileSync(`${root}dist/src/index.d.ts`, importsOfKeys())
}

/**
 * The core plugins declare their keys as augmentations of the public types. Nothing that an importer of `onedoor` reads imports these
 * files, so its types name them here.
 */
function importsOfKeys () {
  const core = `${root}dist/plugins/core/`
  const files = readdirSync(core, { recursive: true }).filter(file => {
    return file.endsWith('.d.ts') && readFileSync(core + file, 'utf8').includes('\ndeclare module ')
  })
  const modules = files.map(file => file.replaceAll('\\', '/').replace(/\.d\.ts$/, '.js')).toSorted((one, other) => one < other ? -1 : 1)
  return modules.map(module => `import '../plugins/core/${module}';\n`).join('')
}

/** npm runs `prepare` after `npm ci` in a checkout too, and there it names no package that it resolved. Before a pack `prepack` has run. */
function installedFromGit ({ npm_package_resolved: resolved, npm_command: command }) {
  return resolved !== undefined && command !== 'pack' && command !== 'publish'
}
