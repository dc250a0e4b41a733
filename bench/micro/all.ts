/** `npm run bench:micro`: every small piece, one after the other. */

for (const piece of ['pick', 'attempt', 'take', 'match', 'headers', 'access-line', 'metrics', 'rehearse']) await import(`./${piece}.ts`)
