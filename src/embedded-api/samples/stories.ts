import type { SceneName } from './scenes.ts';

/** A customer request for a sample run. One in five is in a non-Latin script. */
export interface Story {
  readonly customer: string;
  readonly channel: string;
  readonly note: string;
  /** What the agent does for it. */
  readonly scene: SceneName;
  /** How a conversation about it ends, in the language of the note. */
  readonly answer: string;
  readonly isEnglish?: true;
}

export const LATIN_STORIES: readonly [Story, ...Story[]] = [
  {
    customer: 'Hannah Okafor',
    channel: 'web',
    note: 'Parcel shows as delivered, but the porter has not seen it. Wants a second delivery before Friday.',
    scene: 'delivery',
    answer:
      "I have opened a claim with the carrier and booked a second delivery for Thursday between 9 and 12. The porter's desk will get a call first.",
    isEnglish: true,
  },
  {
    customer: 'Marcus Lindqvist',
    channel: 'email',
    note: 'Was charged twice for the October invoice; asks for a refund of one of them and a written confirmation.',
    scene: 'billing',
    answer:
      'You were charged twice on 3 October. The second payment has been refunded; it takes up to five working days. The written confirmation is attached to your ticket.',
    isEnglish: true,
  },
  {
    customer: 'Jürgen Müßig',
    channel: 'phone',
    note: 'Heizkörper wird nicht warm, Termin am Donnerstagvormittag gewünscht. Bitte vorher anrufen.',
    scene: 'appointment',
    answer:
      'Der Termin ist am Donnerstag um 9:30 Uhr reserviert. Der Techniker ruft eine halbe Stunde vorher an.',
  },
  {
    customer: 'Elif Sönmez',
    channel: 'chat',
    note: 'Möchte die Lieferadresse ändern: Währinger Straße 12, Tür 7. Das Paket ist noch nicht unterwegs.',
    scene: 'order',
    answer: 'Die Lieferadresse ist geändert: Währinger Straße 12, Tür 7. Das Paket geht morgen auf den Weg.',
  },
  {
    customer: 'Camille Dubreuil',
    channel: 'email',
    note: 'Demande un devis pour douze postes, livraison à Besançon avant la fin du mois si possible.',
    scene: 'order',
    answer: 'Le devis pour douze postes est prêt ; la livraison à Besançon est possible le 27 du mois.',
  },
  {
    customer: 'Rafael Peñaloza',
    channel: 'whatsapp',
    note: '¿Se puede cambiar la talla sin pagar el envío otra vez? El pedido llegó ayer por la mañana.',
    scene: 'order',
    answer:
      'Sí: el cambio de talla es gratis dentro de los primeros treinta días. Le hemos enviado la etiqueta por correo.',
  },
  {
    customer: 'Priya Raman',
    channel: 'slack',
    note: 'Weekly numbers for the Pune office: compare sign-ups with last week and flag anything over ten percent.',
    scene: 'report',
    answer:
      'Sign-ups in Pune are up 12.4 percent on last week, which is over your limit of ten: a campaign started on Monday. The other two numbers moved by less than three percent.',
    isEnglish: true,
  },
  {
    customer: 'Tomasz Wiśniewski',
    channel: 'web',
    note: 'Nie może się zalogować po zmianie hasła; kod SMS przychodzi, ale strona pokazuje błąd.',
    scene: 'account',
    answer: 'Konto było zablokowane po pięciu próbach. Blokada jest zdjęta, można się już zalogować.',
  },
  {
    customer: 'Grace Adeyemi',
    channel: 'api',
    note: 'Nightly import: 412 contacts, 7 without a phone number. Ask the branch before merging duplicates.',
    scene: 'contacts',
    answer:
      '405 of 412 contacts are imported. The 7 without a phone number are on a list for the branch, and nothing has been merged.',
    isEnglish: true,
  },
];

export const OTHER_STORIES: readonly [Story, ...Story[]] = [
  {
    customer: '田中 美咲',
    channel: 'web',
    note: '注文した商品の色が違っていました。交換をお願いします。配送は土曜日の午前中を希望します。',
    scene: 'delivery',
    answer: '交換の手配が完了しました。土曜日の午前中にお届けします。ご不便をおかけして申し訳ございません。',
  },
  {
    customer: 'ليلى الحداد',
    channel: 'chat',
    note: 'أرغب في تأجيل الموعد إلى الأسبوع القادم، ويفضل أن يكون بعد الظهر.',
    scene: 'appointment',
    answer: 'تم تأجيل الموعد إلى يوم الثلاثاء القادم الساعة الثالثة بعد الظهر.',
  },
  {
    customer: '김서연',
    channel: 'email',
    note: '영수증을 회사 이름으로 다시 발급해 주세요. 이번 달 말까지 필요합니다.',
    scene: 'billing',
    answer: '회사 이름으로 영수증을 다시 발급했습니다. 이메일을 확인해 주세요.',
  },
  {
    customer: 'Олена Ковальчук',
    channel: 'phone',
    note: 'Не працює оплата карткою, просить надіслати рахунок на електронну пошту.',
    scene: 'billing',
    answer: 'Рахунок надіслано на вашу електронну пошту. Його можна сплатити протягом семи днів.',
  },
  {
    customer: '陈伟',
    channel: 'web',
    note: '请帮我查询上周的订单状态，并把预计到达时间发到我的邮箱，谢谢。',
    scene: 'delivery',
    answer: '您的订单已发货，预计周五下午送达。详细信息已发送到您的邮箱。',
  },
  {
    customer: 'Noa 🌱',
    channel: 'app',
    note: 'Loved the last answer 🙌🏽 Please plan the birthday: 👩‍👩‍👧 three guests, no nuts 🥜🚫, cake by 15:00 🎂',
    scene: 'order',
    answer: 'Done 🎉 Table for three, no nuts 🥜🚫, and the cake 🎂 comes at 15:00 sharp. Have fun 🙌🏽',
  },
  {
    customer: 'Γιώργος Παππάς',
    channel: 'chat',
    note: 'Θέλει να ακυρώσει τη συνδρομή στο τέλος του μήνα και να κρατήσει τα αρχεία του.',
    scene: 'account',
    answer: 'Η συνδρομή λήγει στο τέλος του μήνα. Τα αρχεία σας μένουν διαθέσιμα για ενενήντα ημέρες.',
  },
];

const STORIES = [...LATIN_STORIES, ...OTHER_STORIES];

/** The stories that a newcomer meets first. */
export const ENGLISH_STORIES: readonly [Story, ...Story[]] = [
  LATIN_STORIES[0],
  ...LATIN_STORIES.slice(1).filter(({ isEnglish }) => isEnglish),
];

/** Finds the story of a customer. */
export function storyOf(customer: unknown): Story | undefined {
  return STORIES.find((story) => story.customer === customer);
}
