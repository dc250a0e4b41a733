/** Which Node can run the gateway. Like the launcher itself this must parse on Node 12, so its syntax is old. */

/** The first Node that strips types without a flag and is supported: major and minor. */
const oldest = [22, 18]

/** Whether a Node of this version (`process.versions.node`) runs TypeScript as it is. */
export function runsTypeScript (version) {
  const parts = version.split('.')
  const major = Number(parts[0])
  return major > oldest[0] || (major === oldest[0] && Number(parts[1]) >= oldest[1])
}

/** What to tell a person whose Node has this version and is too old; `root` is the checkout in which `npm ci` helps, if it is one. */
export function refusal (version, root) {
  return 'onedoor needs Node ' + oldest.join('.') + ' or newer, and this is Node ' + version + '.\n' +
    (root === undefined
      ? 'Install Node 24, or the npm package `node` beside onedoor: npm install node@24\n'
      : 'Run `npm ci` in ' + root + ' (it brings a Node of its own), or install Node 24.\n')
}
