/** The package.json of a project that `onedoor init` writes. */

interface Manifest {
  readonly type?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const scripts = {
  start: 'onedoor start',
  check: 'onedoor check --strict',
  test: 'node --test',
  schema: 'onedoor schema -c gateway.yaml > gateway.schema.json'
}

/**
 * Returns the text of package.json with what the project needs. What `existing` has stays as it is, except the placeholders of `npm init`.
 * @throws SyntaxError when `existing` is no JSON
 */
export function firstPackage (version: string, existing = '{ "private": true }'): string {
  const manifest = JSON.parse(existing) as Manifest
  const { test, ...others } = manifest.scripts ?? {}
  const placeholder = test?.includes('no test specified') === true
  const kept = test === undefined || placeholder ? others : { ...others, test }
  const installed = manifest.dependencies?.['onedoor'] ?? manifest.devDependencies?.['onedoor']
  return `${JSON.stringify({
    ...manifest,
    type: placeholder ? 'module' : manifest.type ?? 'module',
    scripts: { ...scripts, ...kept },
    ...(installed === undefined ? { dependencies: { ...manifest.dependencies, onedoor: `^${version}` } } : {})
  }, null, 2)}\n`
}
