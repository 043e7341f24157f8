/** What is written in the documents of this folder. They are made of these words by tools/corpus.ts. */
export const TEXT = {
  header: 'Kingfisher Limited',
  footer: 'Confidential draft',
  heading: 'Framework agreement',
  first: 'We promised delivery within fourteen days.',
  german: 'Die Lieferung erfolgt gemäß Vertrag nach Köln, schöne Grüße.',
  greek: 'Η συμφωνία ισχύει για δύο χρόνια.',
  russian: 'Договор действует два года.',
  footnote: 'Except on holidays',
  comment: 'Please ask the lawyer',
  item: 'Penalties for lateness',
  cells: ['Warehouse', 'Rotterdam'],
  box: 'Signature pending',
  deleted: 'obsolete clause',
};

export const SHEET = {
  name: 'Budget 2027',
  second: 'Forecast',
  rows: [
    ['Rent', 1200],
    ['Wages für März', 35_000],
    ['Insurance', 417.5],
  ] as [string, number][],
  noted: 'Insurance',
  comment: 'Renew in autumn',
  sum: 36_617.5,
  inSecond: 'Optimistic scenario',
};

export const SLIDES = [
  { title: 'Quarterly results', notes: 'Thank the team first' },
  { title: 'Umsatz wächst um zwölf Prozent' },
  { title: 'Questions and answers' },
];
