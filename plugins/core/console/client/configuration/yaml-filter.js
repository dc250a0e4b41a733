/** Narrows YAML down to what a filter asks for. Pure. */

/** The lines that have the words of a filter in them, with the lines that they belong to, and those that belong to them. */
export function linesThatFit (text, fits) {
  const lines = text.replace(/\n$/, '').split('\n')
  const kept = new Set()
  /** The lines that the present one belongs to, the outermost first. */
  const parents = []
  /** The depth of a line that fits: all below it are kept. */
  let below = Infinity
  for (const [index, line] of lines.entries()) {
    const depth = depthOf(line)
    while (parents.length > 0 && parents.at(-1).depth >= depth) parents.pop()
    if (depth <= below) below = Infinity
    if (fits(line)) {
      for (const parent of parents) kept.add(parent.index)
      below = Math.min(below, depth)
    }
    if (below !== Infinity) kept.add(index)
    parents.push({ index, depth })
  }
  return lines.filter((_, index) => kept.has(index))
}

/** An empty line is in a text of several lines, and belongs to it. */
function depthOf (line) {
  return line === '' ? Infinity : /^ */.exec(line)[0].length
}
