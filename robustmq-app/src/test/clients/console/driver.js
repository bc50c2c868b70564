// Goes through the pages of the console as a person with a browser does, and prints what it saw as one object of JSON.
// Arguments: one object of JSON with base, password, profile, and shots: where pictures go, or nothing.
'use strict';

const { chromium } = require('playwright-core');

const asked = JSON.parse(process.argv[2]);
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const saw = { troubles: [], pages: [], facts: {} };

// Said by Chromium itself about answers that the journey wants.
const EXPECTED = /Failed to load resource: the server responded with a status of (401|403)/;

function watch(page) {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text())) {
      saw.troubles.push(message.type() + ': ' + message.text());
    }
  });
  page.on('pageerror', (error) => saw.troubles.push('fault: ' + error.message));
  page.on('dialog', (dialog) => {
    saw.troubles.push('dialog: ' + dialog.message());
    dialog.dismiss();
  });
}

async function shot(page, name) {
  if (asked.shots) {
    await page.evaluate(() => document.activeElement && document.activeElement.blur());
    await page.screenshot({ path: asked.shots + '/' + name + '.png' });
  }
}

async function login(page, name, password) {
  await page.goto(asked.base + '/console/');
  await page.getByLabel('Account').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function visitAll(page) {
  const addresses = await page.locator('nav#menu li a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  for (const address of addresses) {
    const begun = Date.now();
    const answer = await page.goto(asked.base + address);
    saw.pages.push({
      address,
      status: answer.status(),
      policy: answer.headers()['content-security-policy'] || '',
      title: await page.locator('h1').innerText(),
      alerts: await page.locator('[role=alert]').count(),
      millis: Date.now() - begun
    });
  }
}

async function overview(page) {
  await page.goto(asked.base + '/console/');
  saw.facts.charts = await page.locator('#charts svg[role=img]').count();
  await shot(page, 'overview');
  const news = await page.waitForResponse((answer) => answer.url().endsWith('/console/news'), { timeout: 20000 });
  saw.facts.news = news.status();
  await page.waitForTimeout(200);
  saw.facts.chartsAfterNews = await page.locator('#charts svg[role=img]').count();
}

async function users(page) {
  await page.goto(asked.base + '/console/users');
  await page.getByText('Add a user', { exact: true }).first().click();
  const form = page.locator('.actions form');
  await form.getByLabel('Name').fill('sensor-1');
  await form.getByLabel('Password').fill('open sesame');
  await form.getByRole('button').click();
  saw.facts.userNotice = await page.locator('[role=status]').innerText();
  saw.facts.userRow = await page.locator('tbody tr').filter({ hasText: 'sensor-1' }).count();
  saw.facts.passwordOnPage = (await page.content()).includes('open sesame');
  await shot(page, 'users');
}

async function records(page) {
  await page.goto(asked.base + '/console/topics');
  await page.getByRole('link', { name: 'orders', exact: true }).click();
  await page.getByText('Publish a message', { exact: true }).first().click();
  const form = page.locator('details.action[open] form');
  await form.getByLabel('Key').fill('customer-7');
  await form.getByLabel('Payload').fill('by key');
  await form.getByRole('button').click();
  saw.facts.published = await page.locator('[role=status]').innerText();
  await shot(page, 'topic');
  await page.getByRole('link', { name: 'Browse records' }).click();
  saw.facts.payloads = await page.locator('pre.payload').allInnerTexts();
  saw.facts.kinds = await page.locator('.where .badge:nth-of-type(2)').allInnerTexts();
  await shot(page, 'records');
  await page.getByLabel('Key is').fill('customer-7');
  await page.getByLabel('From the').selectOption('earliest');
  await page.getByRole('button', { name: 'Show' }).click();
  saw.facts.byKey = await page.locator('pre.payload').allInnerTexts();
  await page.getByLabel('Key is').fill('');
  await page.getByLabel('or offset').fill('2');
  await page.getByRole('button', { name: 'Show' }).click();
  saw.facts.byOffset = await page.locator('pre.payload').allInnerTexts();
}

async function filters(page) {
  await page.goto(asked.base + '/console/topics');
  await page.getByLabel('Name contains').pressSequentially('nothing-like-it');
  await page.locator('#rows .nothing').waitFor();
  saw.facts.filteredAddress = new URL(page.url()).search;
  saw.facts.focusStays = await page.evaluate(() => document.activeElement.name);
}

async function harm(page) {
  await page.goto(asked.base + '/console/connections');
  saw.facts.clientCell = await page.locator('td[data-label=Client]').allInnerTexts();
  await shot(page, 'connections');
  const row = page.locator('tbody tr').filter({ hasText: 'script' });
  await row.locator('summary').click();
  await row.getByRole('button', { name: 'Close' }).click();
  saw.facts.closed = await page.locator('[role=status]').innerText();
  saw.facts.hacked = await page.evaluate(() => typeof window.hacked);
}

async function viewer(browser, admin) {
  await admin.goto(asked.base + '/console/admins');
  await admin.getByText('Add an account', { exact: true }).first().click();
  const form = admin.locator('.actions form');
  await form.getByLabel('Name').fill('vera');
  await form.getByRole('button').click();
  const password = await admin.locator('.secret').innerText();
  const context = await browser.newContext({ viewport: PHONE, colorScheme: 'dark', timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  watch(page);
  await login(page, 'vera', password);
  await shot(page, 'phone');
  const facts = { menu: await page.locator('nav#menu li a').allTextContents() };
  facts.users = (await page.goto(asked.base + '/console/users')).status();
  facts.usersSaid = await page.locator('[role=alert]').innerText();
  await page.goto(asked.base + '/console/topics');
  facts.forms = await page.locator('details.action').count();
  facts.localTime = await page.locator('td.time small').first().innerText();
  const token = await page.locator('input[name=form-token]').first().getAttribute('value');
  const forged = await page.request.post(asked.base + '/console/topics/do/create', {
    form: { 'form-token': token, name: 'forged' }, maxRedirects: 0
  });
  facts.forged = forged.status();
  const foreign = await page.request.post(asked.base + '/console/topics/do/create', {
    form: { name: 'forged' }, maxRedirects: 0
  });
  facts.withoutToken = foreign.status();
  saw.facts.viewer = facts;
  await context.close();
}

async function leave(page) {
  await page.getByRole('button', { name: 'Log out' }).click();
  saw.facts.afterLogout = await page.locator('h1').innerText();
  await page.goto(asked.base + '/console/topics');
  saw.facts.afterLogoutTopics = await page.locator('h1').innerText();
}

async function journey() {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync']
  });
  try {
    const context = await browser.newContext({ viewport: WIDE, timezoneId: 'UTC' });
    const page = await context.newPage();
    watch(page);
    await login(page, 'admin', 'not the password');
    saw.facts.refused = await page.locator('[role=alert]').innerText();
    await shot(page, 'login');
    await login(page, 'admin', asked.password);
    saw.facts.entered = await page.locator('h1').innerText();
    await visitAll(page);
    await overview(page);
    await records(page);
    await filters(page);
    await harm(page);
    // The first user shuts the door for everybody without a name.
    await users(page);
    await viewer(browser, page);
    await leave(page);
  } finally {
    await browser.close();
  }
}

journey().then(
  () => console.log(JSON.stringify(saw)),
  (error) => {
    console.log(JSON.stringify(saw));
    console.error(error);
    process.exitCode = 1;
  });
