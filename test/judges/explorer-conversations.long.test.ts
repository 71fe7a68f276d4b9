import { expect, it } from 'vitest';
import { createApi } from '../../embedded-api/routes/api.ts';
import { clockOfDistinctTimes, embeddedWorkshop } from '../contract/workshop.ts';
import { lacksChromium, openPage, violationsIn } from './open-page.ts';
import { serveGateway } from './served-gateway.ts';

it.skipIf(lacksChromium).each([
  [1300, 'light'],
  [320, 'dark'],
] as const)(
  'The explorer shows the conversations of an agent, and the turns of one, %i pixels wide and %s',
  async (width, colorScheme) => {
    await using server = await serveGateway({});
    const { store, url } = server;
    const shop = embeddedWorkshop(store, () => undefined);
    const agent = await shop.makeAgent();
    const conversation = await shop.makeConversation(agent, 'A <b>parcel</b>');
    const api = createApi({ store, now: clockOfDistinctTimes() });
    const path = `/v1/conversations/${conversation}/messages`;
    const [, id = ''] = ['hello', 'call=danger'].map((content) => {
      const body = JSON.stringify({ messages: [{ role: 'user', content }] });
      const reply = api({ method: 'POST', path, headers: {}, body, query: new URLSearchParams() });
      return /run-[-0-9a-f]{36}/.exec(reply.body)?.[0];
    });
    await using opened = await openPage(`${url}/runs/${id}`, { width, colorScheme });
    const { page } = opened;
    const fits = async () => {
      expect(await violationsIn(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    };

    await page.locator('.facts').getByRole('link', { name: conversation }).click();
    await page.getByRole('heading', { name: 'A <b>parcel</b>' }).waitFor();
    const turns = page.getByRole('group', { name: 'Turn', exact: true });
    await expect.poll(() => turns.count()).toBe(2);
    expect(await turns.first().textContent()).toMatch(/Completed.*hello/s);
    expect(await turns.last().locator('.state').allTextContents()).toEqual([' Needs approval']);
    await fits();
    await page.getByRole('button', { name: 'Approve' }).click();
    const states = () => turns.last().locator('.state').allTextContents();
    await expect.poll(states).toEqual([' Paused', ' Completed']);
    await turns.last().locator('summary', { hasText: 'danger' }).click();
    await turns.last().getByText('did danger').first().waitFor();
    expect(await turns.count()).toBe(2);
    expect(await page.locator('.facts').textContent()).toMatch(/Runs\s*3/);

    // From its last run to the turn, and to the list of the agent.
    await turns.last().getByRole('link').last().click();
    await page.locator('.facts', { hasText: `Turn${id.slice(0, 12)}this run` }).waitFor();
    await page.locator('.facts').getByRole('link', { name: 'tried' }).click();
    await page.getByRole('link', { name: 'Default conversation' }).waitFor();
    await fits();
    await page.getByRole('link', { name: 'Runs of this agent' }).click();
    await page.locator('.chips').getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('link', { name: 'A <b>parcel</b>' }).click();
    await expect.poll(() => turns.count()).toBe(2);

    // The list of all, by a text in the summaries, whose case matters.
    await page.locator('header.shell').getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('link', { name: /A <b>parcel<\/b>.*3 runs/s }).waitFor();
    await fits();
    const search = page.getByRole('searchbox');
    for (const [text, found] of [
      ['Parcel', 0],
      ['parcel', 1],
    ] as const) {
      await search.fill(text);
      await search.press('Enter');
      await page.waitForURL(new RegExp(`search=${text}`));
      await expect.poll(() => page.locator('article .options li').count()).toBe(found);
    }

    // An id that there is, and one that there is not.
    await page.goto(url);
    const field = page.getByRole('textbox', { name: 'The id of a run' });
    for (const prefix of ['run', 'agent', 'conv']) {
      await field.fill(`${prefix}-00000000-0000-4000-8000-00000000dead`);
      await field.press('Enter');
      const noun = prefix === 'conv' ? 'conversation' : prefix;
      await page.getByText(`There is no ${noun} with this id that you can see.`).waitFor();
    }
    await fits();
    await field.fill(conversation);
    await field.press('Enter');
    await expect.poll(() => turns.count()).toBe(2);

    await shop.deleteConversation(conversation);
    await page.reload();
    await page.getByText('It was deleted, or you can’t see it.').waitFor();
    expect(opened.complaints).toEqual([]);
  },
);

it.skipIf(lacksChromium)(
  'The explorer shows the run of each turn of a conversation, also of earlier ones',
  async () => {
    await using server = await serveGateway({});
    const { store, url } = server;
    const shop = embeddedWorkshop(store, () => undefined);
    const conversation = await shop.makeConversation(await shop.makeAgent(), 'Long');
    const api = createApi({ store, now: clockOfDistinctTimes() });
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }] });
    const path = `/v1/conversations/${conversation}/messages`;
    for (let turn = 0; turn < 60; turn++)
      api({ method: 'POST', path, headers: {}, body, query: new URLSearchParams() });
    await using opened = await openPage(`${url}/conversations/${conversation}`, {});
    const { page } = opened;
    const turns = page.getByRole('group', { name: 'Turn', exact: true });
    const earlier = page.getByRole('button', { name: 'Show earlier messages' });
    await earlier.waitFor();
    expect(await turns.count()).toBeLessThan(60);
    while ((await turns.count()) < 60 && (await earlier.count()) > 0) await earlier.click();
    await expect.poll(() => turns.count()).toBe(60);
    await expect.poll(() => turns.locator('.state').count()).toBe(60);
    expect(opened.complaints).toEqual([]);
  },
);

it.skipIf(lacksChromium)(
  'The explorer answers what waits one run after the other, all calls of a run at once',
  async () => {
    await using server = await serveGateway({});
    const { store, url } = server;
    const shop = embeddedWorkshop(store, () => undefined);
    const api = createApi({ store, now: clockOfDistinctTimes() });

    let agent = '';
    for (const calls of ['danger', 'danger,danger']) {
      agent = await shop.makeAgent();
      const body = JSON.stringify({ messages: [{ role: 'user', content: `call=${calls}` }] });
      const path = `/v1/agents/${agent}/messages/async`;
      const reply = api({ method: 'POST', path, headers: {}, body, query: new URLSearchParams() });
      expect(reply.status).toBe(200);
    }
    await using opened = await openPage(`${url}/agents/${agent}`, {});
    const { page } = opened;
    await page.getByRole('link', { name: /Default conversation.*Needs approval/s }).waitFor();
    await page.goto(`${url}/?status=WAITING`);
    const section = page.getByRole('region', { name: 'Answer one after the other' });
    await page.getByRole('button', { name: 'Answer one after the other' }).click();
    await section.getByRole('button', { name: 'Deny all 2' }).click();
    await section.getByText('The answer was taken.').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await section.getByRole('button', { name: 'Next' }).click();
    await section.getByRole('button', { name: 'Approve', exact: true }).click();
    await section.getByText('The answer was taken.').waitFor();
    await section.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Nothing needs approval.').waitFor();
    expect(opened.complaints).toEqual([]);
  },
);
