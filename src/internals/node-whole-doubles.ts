/**
 * Whether a number in memory that threads share is read and written whole, and in the order of the program.
 *
 * Relies on: V8 loads and stores an element of a Float64Array with one instruction of 64 bits, and loads no element of an array before an
 * atomic operation that stands in front of it. The language lets a reader without a lock see one half of the old number and one of the new,
 * and promises an order of atomic operations only.
 * Checked with node 24.21.0.
 * Without it: what is read without a lock, such as the state of a target on the admin page, may be wrong for a moment, and two requests may
 * both get the last place of a limit of connections.
 */

/** Processors whose instructions load and store 64 bits at once. */
const architectures: readonly NodeJS.Architecture[] = ['x64', 'arm64', 'loong64', 'ppc64', 'riscv64', 's390x']

/** Whether it is so on this machine. */
export const wholeDoubles = architectures.includes(process.arch)
