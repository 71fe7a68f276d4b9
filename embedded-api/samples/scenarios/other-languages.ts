import { call, type Scenario } from './scenario.ts';

export const arabic: Scenario = {
  role: 'خدمة العملاء',
  description: null,
  tags: ['customers'],
  customer: 'ليلى الحداد',
  channel: 'chat',
  note: 'أرغب في تأجيل الموعد إلى الأسبوع القادم، ويفضل أن يكون بعد الظهر.',
  thought: 'أبحث عن موعدها ثم عن موعد متاح بعد الظهر.',
  calls: [
    call('find_appointment', { customer: 'ليلى الحداد' }, 'الخميس الساعة 10:00'),
    call('find_slots', { week: 'next', part: 'afternoon' }, 'الثلاثاء الساعة 15:00'),
  ],
  error: 'CalendarError: التقويم غير متاح',
  topic: 'تأجيل المواعيد',
  approved: call('move_appointment', { to: 'الثلاثاء 15:00' }, 'تم النقل.'),
  denial: 'الثلاثاء محجوز للصيانة.',
  replies: {
    question: 'ما هو رقم الموعد الذي ترغبين في تأجيله؟',
    done: 'موعدك الحالي يوم الخميس الساعة العاشرة، ويوجد موعد متاح يوم الثلاثاء القادم الساعة الثالثة بعد الظهر.',
    approved: 'تم تأجيل الموعد إلى يوم الثلاثاء.',
    denied: 'لكن يوم الثلاثاء محجوز للصيانة، وسنقترح يوما آخر.',
    failed: 'التقويم غير متاح الآن، لذلك لم أتمكن من تأجيل الموعد. سنتصل بك اليوم.',
  },
};

export const japanese: Scenario = {
  role: '夜間サポート',
  description: '営業時間外のお問い合わせに対応します。',
  tags: ['customers', 'production'],
  customer: '田中 美咲 🌸',
  channel: 'web',
  note: '注文した商品の色が違っていました。交換をお願いします。配送は土曜日の午前中を希望します。',
  hasPhoto: true,
  thought: '注文の色を確認してから、在庫を調べる。',
  calls: [
    call('find_order', { customer: '田中 美咲 🌸' }, '注文 60-4417、紺、火曜日に配達済み'),
    call('check_stock', { sku: 'TS-114', color: '紺' }, '在庫 12 点'),
  ],
  error: 'TimeoutError: 注文システムが 5 秒以内に応答しませんでした',
  topic: '色違いの交換',
  approved: call('send_exchange', { order: '60-4417', day: '土曜日', from: '09:00' }, '手配しました。'),
  denial: '返品が届いてから発送してください。',
  replies: {
    question: '恐れ入りますが、ご注文番号をお知らせください。',
    done: 'ご注文 60-4417 は紺でした。紺の在庫は 12 点ございますので、交換できます。',
    approved: '土曜日の午前中にお届けします。',
    denied: '返品が届き次第、交換品を発送いたします。',
    failed: '注文システムが応答しないため、ご注文を確認できませんでした。明朝あらためてご連絡いたします。',
  },
};
