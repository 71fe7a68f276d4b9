/** A customer request for a sample run. One in five is in a non-Latin script. */
export interface Story {
  readonly customer: string;
  readonly channel: string;
  readonly note: string;
}

export const LATIN_STORIES: readonly [Story, ...Story[]] = [
  {
    customer: 'Hannah Okafor',
    channel: 'web',
    note: 'Parcel shows as delivered, but the porter has not seen it. Wants a second delivery before Friday.',
  },
  {
    customer: 'Marcus Lindqvist',
    channel: 'email',
    note: 'Was charged twice for the October invoice; asks for a refund of one of them and a written confirmation.',
  },
  {
    customer: 'Jürgen Müßig',
    channel: 'phone',
    note: 'Heizkörper wird nicht warm, Termin am Donnerstagvormittag gewünscht. Bitte vorher anrufen.',
  },
  {
    customer: 'Elif Sönmez',
    channel: 'chat',
    note: 'Möchte die Lieferadresse ändern: Währinger Straße 12, Tür 7. Das Paket ist noch nicht unterwegs.',
  },
  {
    customer: 'Camille Dubreuil',
    channel: 'email',
    note: 'Demande un devis pour douze postes, livraison à Besançon avant la fin du mois si possible.',
  },
  {
    customer: 'Rafael Peñaloza',
    channel: 'whatsapp',
    note: '¿Se puede cambiar la talla sin pagar el envío otra vez? El pedido llegó ayer por la mañana.',
  },
  {
    customer: 'Priya Raman',
    channel: 'slack',
    note: 'Weekly numbers for the Pune office: compare sign-ups with last week and flag anything over ten percent.',
  },
  {
    customer: 'Tomasz Wiśniewski',
    channel: 'web',
    note: 'Nie może się zalogować po zmianie hasła; kod SMS przychodzi, ale strona pokazuje błąd.',
  },
  {
    customer: 'Grace Adeyemi',
    channel: 'api',
    note: 'Nightly import: 412 contacts, 7 without a phone number. Ask the branch before merging duplicates.',
  },
];

export const OTHER_STORIES: readonly [Story, ...Story[]] = [
  {
    customer: '田中 美咲',
    channel: 'web',
    note: '注文した商品の色が違っていました。交換をお願いします。配送は土曜日の午前中を希望します。',
  },
  {
    customer: 'ليلى الحداد',
    channel: 'chat',
    note: 'أرغب في تأجيل الموعد إلى الأسبوع القادم، ويفضل أن يكون بعد الظهر.',
  },
  {
    customer: '김서연',
    channel: 'email',
    note: '영수증을 회사 이름으로 다시 발급해 주세요. 이번 달 말까지 필요합니다.',
  },
  {
    customer: 'Олена Ковальчук',
    channel: 'phone',
    note: 'Не працює оплата карткою, просить надіслати рахунок на електронну пошту.',
  },
  {
    customer: '陈伟',
    channel: 'web',
    note: '请帮我查询上周的订单状态，并把预计到达时间发到我的邮箱，谢谢。',
  },
  {
    customer: 'Noa 🌱',
    channel: 'app',
    note: 'Loved the last answer 🙌🏽 Please plan the birthday: 👩‍👩‍👧 three guests, no nuts 🥜🚫, cake by 15:00 🎂',
  },
  {
    customer: 'Γιώργος Παππάς',
    channel: 'chat',
    note: 'Θέλει να ακυρώσει τη συνδρομή στο τέλος του μήνα και να κρατήσει τα αρχεία του.',
  },
];
