/** A real browser for tests: the Chromium of the machine, driven by Playwright. */

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where the browser is: what CHROMIUM says, or where packages put it. */
export const executablePath = process.env['CHROMIUM'] ?? places.find(place => existsSync(place))

/** For `test`: why it is skipped. In CI it is not, and fails where there is no browser. */
export const withoutBrowser = executablePath === undefined && process.env['CI'] === undefined
  ? `NO BROWSER: install chromium, or set CHROMIUM to where one is (looked for ${places.join(', ')})`
  : false

/** A page, and what went wrong in it. */
export interface Opened {
  readonly page: Page
  /** Errors of scripts, violations of the content security policy, and whatever else the console of the browser complains about. */
  readonly complaints: readonly string[]
  /** Everything that it asked for. */
  readonly requested: readonly string[]
}

let browser: Promise<Browser> | undefined

/** Opens a page. It is closed with the test, and the browser by {@link closeBrowser}. */
export async function openPage (t: TestContext, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  assert.ok(executablePath !== undefined, 'no Chromium is installed')
  browser ??= chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const context = await (await browser).newContext(options)
  t.after(async () => await context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  const requested: string[] = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => requested.push(request.url()))
  await page.goto(url)
  return { page, complaints, requested }
}

/** Ends the browser; for `after` of a file. */
export async function closeBrowser (): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What keeps people from using a page (WCAG 2.2, AA), in words. */
export async function barriersOf (page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(axe, 'utf8'))
  return await page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) => {
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ': ' + target + ' ' + failureSummary))
  })`)
}
