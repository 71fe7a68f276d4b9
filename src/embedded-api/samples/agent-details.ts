/** What an agent of the samples does. */
export interface Role {
  readonly name: string;
  readonly description: string | null;
  readonly tags: readonly string[];
}

/** One in five has a name in a non-Latin script. */
export const ROLES: readonly [Role, ...Role[]] = [
  {
    name: 'Returns desk',
    description: 'Takes returns, prints labels and books refunds up to 50 euros.',
    tags: ['customers', 'production'],
  },
  { name: 'خدمة العملاء', description: null, tags: ['customers'] },
  {
    name: 'Heizungsservice',
    description: 'Vereinbart Termine für Wartung und Notfälle.',
    tags: ['customers'],
  },
  { name: 'Weekly report', description: 'Writes the numbers of the week for the team.', tags: ['internal'] },
  { name: 'Contact import', description: null, tags: ['internal', 'batch'] },
  { name: 'Standort-Suche', description: 'Findet die nächste Filiale.', tags: [] },
  {
    name: 'Release notes',
    description: 'Drafts release notes from merged changes.',
    tags: ['internal', 'staging'],
  },
  { name: 'Réservations', description: 'Prend les réservations de salles.', tags: ['customers', 'staging'] },
  {
    name: '夜間サポート',
    description: '営業時間外のお問い合わせに対応します。',
    tags: ['customers', 'production'],
  },
  {
    name: 'Billing assistant',
    description: 'Answers questions about invoices, and asks a person before it changes one.',
    tags: ['customers', 'finance', 'production'],
  },
];

export const MODELS: readonly [string, ...string[]] = ['gpt-4o-mini', 'gpt-4o', 'gpt-4.1', 'gpt-4.1-mini'];

export const TIMEZONES: readonly [string, ...string[]] = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
];
