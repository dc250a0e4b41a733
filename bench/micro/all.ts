/** `npm run bench:micro`: every small piece, one after the other. */

const pieces = ['pick', 'attempt', 'take', 'match', 'headers', 'access-line', 'recent-requests', 'metrics', 'rehearse', 'state']
for (const piece of pieces) await import(`./${piece}.ts`)
