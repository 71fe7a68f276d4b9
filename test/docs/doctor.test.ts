import { expect, it } from 'vitest';
import { replaceMarked } from '../../scripts/docs/marked-section.ts';
import { reportText } from '../../src/doctor/report-text.ts';
import { CASES } from '../doctor/cases.ts';
import { examineCase } from '../doctor/examination.ts';
import { PAGES, ROOT } from './pages.ts';

/** To write what has changed: `npx vitest run test/docs/doctor.test.ts -u`. */
it('The page of the doctor shows what it says', async () => {
  const sections: string[] = [];
  for (const each of CASES) {
    const lines = reportText(await examineCase(each));
    const shown = sections.length === 0 ? lines : withoutOk(lines);
    sections.push(`### ${each.name}\n\n\`\`\`text\n${shown.join('\n')}\n\`\`\``);
  }
  const page = replaceMarked(PAGES.get('docs/doctor.md') ?? '', 'doctor-cases', sections.join('\n\n'));
  await expect(page).toMatchFileSnapshot(`${ROOT}docs/doctor.md`);
});

function withoutOk(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith('ok '));
}
