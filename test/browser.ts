/** A page in headless Chromium, with a record of all that it should not do. */
import { pathToFileURL } from 'node:url';
import chromium from '@sparticuz/chromium';
import puppeteer, { type Page } from 'puppeteer-core';

export interface Opened {
  readonly page: Page;
  /** Errors on the console, errors that nobody caught, and requests that leave the file; empty if all is well. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** For what the page is to do; a busy host takes its time. */
const PATIENCE_MS = 100_000;

/** Opens a file from the disk, as a reader would. */
export async function openFile(path: string): Promise<Opened> {
  const browser = await puppeteer.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args, '--no-sandbox'],
    headless: 'shell',
  });
  const faults: string[] = [];
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error}`));
  page.on('request', (request) => {
    const url = request.url();
    if (url !== pathToFileURL(path).href && !/^(data|blob):/.test(url)) faults.push(`request: ${url}`);
  });
  await page.goto(pathToFileURL(path).href);
  return { page, faults, close: () => browser.close() };
}
