/** Takes pictures of the views of a console: of each, and of one item in each that has items. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Browser, type Page } from 'playwright-core'
import { executablePath } from '../../test/helpers/browser.ts'
import { smaller } from './palette.ts'

/** A picture that was taken. */
export interface Picture {
  /** Such as `overview-light` or `upstreams-item-dark-360`. */
  readonly name: string
  readonly png: Buffer
}

const sizes = [{ width: 1440, height: 900 }, { width: 360, height: 760 }] as const

/** How long a view is given after it was opened, so that it has asked for what it shows. */
const settle = 2500

/** Where to look, and what to do first, where the plain view shows too little. */
const places: Readonly<Record<string, string>> = {
  explain: '#/explain?method=GET&url=%2Fsearch%3Fq%3Dlamp&ip=203.0.113.7'
}

/** What is waited for, because it comes and goes: the dead target, each time it was tried again. */
const events: Readonly<Record<string, RegExp>> = {
  overview: /orders: 2 of 3 targets open/
}

/** The item of a view that shows most: one whose link has this text. Otherwise the first one is taken. */
const telling: Readonly<Record<string, RegExp>> = {
  upstreams: /orders/,
  routes: /\/search/
}

/** Takes all pictures of the console of an admin listener. */
export async function takeAll (admin: string): Promise<Picture[]> {
  if (executablePath === undefined) throw new Error('no Chromium is installed: set CHROMIUM')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const taken: Picture[] = []
    for (const size of sizes) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const end = size.width === 1440 ? '' : `-${size.width}`
        const page = await open(browser, admin, { viewport: size, colorScheme })
        for (const view of await viewsOf(page)) {
          const shoot = async (name: string): Promise<void> => {
            await page.waitForTimeout(settle)
            if (events[name] !== undefined) await page.getByText(events[name]).waitFor()
            taken.push({ name: `${name}-${colorScheme}${end}`, png: smaller(await page.screenshot({ animations: 'disabled' })) })
          }
          await page.goto(`${admin}/${places[view] ?? `#/${view}`}`)
          await shoot(view)
          const item = view === 'requests' ? await retriedRequest(admin) : await itemOf(page, view)
          if (item === undefined) continue
          await page.goto(`${admin}/${item}`)
          await shoot(`${view}-item`)
        }
        await page.context().close()
      }
    }
    return taken
  } finally {
    await browser.close()
  }
}

async function open (browser: Browser, admin: string, options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const context = await browser.newContext({ ...options, deviceScaleFactor: 1, locale: 'en-GB', timezoneId: 'UTC' })
  const page = await context.newPage()
  await page.goto(`${admin}/`)
  await page.locator('.tiles').waitFor()
  return page
}

/** The views that the navigation leads to. */
async function viewsOf (page: Page): Promise<string[]> {
  return await hrefs(page, 'nav a', /#\/([a-z]+)/)
}

/** The place of an item, as a link of the view says it. */
async function itemOf (page: Page, view: string): Promise<string | undefined> {
  const links = await hrefs(page, `main a[href^="#/${view}/"]`, /(#.*)/)
  return links.find(link => telling[view]?.test(decodeURIComponent(link))) ?? links[0]
}

/** The place of a request whose first attempt failed, as soon as there is one. */
async function retriedRequest (admin: string): Promise<string> {
  for (;;) {
    const { requests } = await (await fetch(`${admin}/requests?limit=500`)).json() as { readonly requests: readonly Request[] }
    const retried = requests.find(({ attempts = [] }) => attempts.length > 1)
    if (retried !== undefined) return `#/requests/${retried.id}`
    await sleep(500)
  }
}

interface Request {
  readonly id: string
  readonly attempts?: readonly unknown[]
}

async function hrefs (page: Page, selector: string, pattern: RegExp): Promise<string[]> {
  const links = await page.locator(selector).all()
  return (await Promise.all(links.map(async link => await link.getAttribute('href')))).map(href => pattern.exec(href ?? '')?.[1] ?? '')
}

/** Names of the folder in which pictures are kept, made where it is not there. */
export function folderOf (path: string): (name: string) => string {
  mkdirSync(path, { recursive: true })
  return name => join(path, `${name}.png`)
}
