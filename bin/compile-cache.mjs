/** Keeps compiled code between starts. Like the launcher itself this must parse on Node 12, so its syntax is old. */
import Module from 'module'
import { homedir } from 'os'
import { isAbsolute, join } from 'path'

/**
 * Makes Node keep compiled code in the user's own cache folder: code in a folder that others can write would run here. Where there is no
 * such folder nothing is kept. NODE_COMPILE_CACHE names another folder, NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 */
export function keepCompiledCode (env) {
  if (env.NODE_COMPILE_CACHE !== undefined) return
  const folder = env.XDG_CACHE_HOME || join(home(), '.cache')
  // An empty or relative folder would be one of the current folder.
  if (isAbsolute(folder)) Module.enableCompileCache(join(folder, 'onedoor'))
}

function home () {
  try {
    return homedir()
  } catch {
    // A user whom the system does not know.
    return ''
  }
}
