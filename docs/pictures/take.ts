/**
 * `npm run screenshots`: pictures of the console, of a gateway that works: those that the documentation shows, into this folder.
 *
 *   --seconds N    how long the gateway has worked before (120)
 *   --rate N       requests a second (250)
 *   --all FOLDER   all pictures there are, into another folder
 *   --only-all     leaves those of the documentation as they are
 */

import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { folderOf, takeAll } from './camera.ts'
import { openShop } from './shop.ts'

const { values } = parseArgs({ options: {
  seconds: { type: 'string', default: '120' },
  rate: { type: 'string', default: '250' },
  all: { type: 'string' },
  'only-all': { type: 'boolean', default: false }
} })

/** Pictures of this width, and these of narrow screens, are what the documentation shows. */
const shown = (name: string): boolean => !/-item|-360$/.test(name) || /^(?:overview|upstreams)-(?:light|dark)-360$/.test(name)

const seconds = Number(values.seconds)
const shop = await openShop(Number(values.rate))
try {
  const viewer = await watch(shop.admin)
  await sleep(seconds * 400)
  const tighter = (text: string): string => text.replace('limit: 300/m', 'limit: 240/m')
  shop.save(tighter)
  await sleep(seconds * 200)
  const drain = new URLSearchParams({ target: 'http://users-3.internal:8080', for: '30m', reason: 'new kernel' })
  await fetch(`${shop.admin}/upstreams/users/drain?${String(drain)}`, { method: 'POST' })
  await sleep(seconds * 200)
  shop.save(text => tighter(text).replace('failures: 5, openFor: 30s', 'failure: 3, openFor: 30s'))
  await sleep(seconds * 200)
  const pictures = await takeAll(shop.admin)
  if (values.all !== undefined) write(values.all, pictures)
  if (!values['only-all']) write(fileURLToPath(new URL('.', import.meta.url)), pictures.filter(({ name }) => shown(name)))
  viewer.abort()
} finally {
  await shop.close()
}

/** Figures are collected while somebody watches. */
async function watch (admin: string): Promise<AbortController> {
  const viewer = new AbortController()
  const { body } = await fetch(`${admin}/live`, { signal: viewer.signal })
  void body!.pipeTo(new WritableStream()).catch(() => {})
  return viewer
}

function write (folder: string, pictures: Awaited<ReturnType<typeof takeAll>>): void {
  const file = folderOf(folder)
  for (const { name, png } of pictures) {
    writeFileSync(file(name), png)
    console.log(`${file(name)}  ${Math.ceil(png.length / 1024)} KiB`)
  }
}
