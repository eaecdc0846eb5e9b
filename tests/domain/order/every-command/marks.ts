// The table: one line a command, one mark a state, in the groups of states.ts. The outcomes that the marks stand for are
// in rows.ts.
//  +  adds its facts     2 3 …  adds its further outcomes   .  done before: adds nothing
//  ?  no such order      w  wrong phase                     x  the order is on its way out
//  a  attempt unknown    l  too late to cancel              h  something is still held
//  n  not charged        m  no such mail is due             o  a person holds it
// A capital letter is a refusal of the row's own.

/** The marks of every row; blanks count for nothing. */
export const marksOf: Readonly<Record<string, string>> = {
  PlaceOrder: '+.... ... ...... ... ... ....... ....... ...... ...... ..... .. .... .. ... .... ... ..',
  AuthenticateCustomer:
    '?+... ... ...... ... ... ....... ....... ...... ...... ..... .. xxxx xx xxx xxxx xxx xx',
  'AuthenticateCustomer, sign-in revoked':
    '?+... ... ...... ... ... ....... ....... ...... ...... ..... .. xxxx xx xxx xxxx xxx xx',
  ValidateOrder: '?w+.. ... ...... ... ... ....... ....... ...... ...... ..... .. xxxx xx xxx xxxx xxx xx',
  'RecordStockReservation, reserved':
    '?ww+. ... ...... ... ... ....... ....... ...... ...... ..... xx +... .. ..x .... ... xx',
  'RecordStockReservation, held for longer':
    '?ww++ +++ ++++++ +++ +.. ....... ....... ...... ...... ..... xx ++++ .. ..x .... ... xx',
  'RecordStockReservation, unavailable':
    '?ww+. ... ...... ... ... ....... ....... ...... ...... ..... xx x... .. ..x .... ... xx',
  RequestCardReservation:
    '?www+ ... w2wwww 3.w ... ...ww.2 ....... ..www2 ...... ..... xx x... .x .xx .... ... x.',
  'RecordCardReservation, reserved':
    '?aaaa +++ ...... ... ... ....... ....... ...... ...... ..... aa a+.+ .. ... .... ... ..',
  'RecordCardReservation, wrong address':
    '?aaaa +++ ...... ... ... ....... ....... ...... ...... ..... aa a2.2 .. ... .... ... ..',
  'RecordCardReservation, declined':
    '?aaaa +++ ...... ... ... ....... ....... ...... ...... ..... aa a+.+ .. ... .... ... ..',
  'RecordCardReservation, to be confirmed':
    '?aaaa ++. ...... ... ... ....... ....... ...... ...... ..... aa a+.. .. ... .... ... ..',
  'RecordCardReservation, ended':
    '?aaaa ++2 ...... ... ... ....... ....... ...... ...... ..... aa a+.2 .. ... .... ... ..',
  'RecordCardReservation, unknown':
    '?aaaa +.. ...... ... ... ....... ....... ...... ...... ..... aa a+.. .. ... .... ... ..',
  'RecordCardReservation, the second reserved':
    '?AAAA AAA AAAAAA A+. AAA +++...A AAAAAAA AAAAAA AAAAAA AAAAA AA AAAA .. AAA AAAA AAA AA',
  'RecordCardReservation, the second declined':
    '?AAAA AAA AAAAAA A+. AAA +++...A AAAAAAA AAAAAA AAAAAA AAAAA AA AAAA .. AAA AAAA AAA AA',
  'RecordStockCommitment, committed':
    '?www+ +++ ++++++ +++ +.. ....... ....... ...... ...... ..... xx x+++ .. ..x .... ... xx',
  'RecordStockCommitment, unavailable':
    '?www+ +++ ++++++ +++ +.. ....... ....... ...... ...... ..... xx x... .. ..x .... ... xx',
  'ReplacePaymentMethod, another card':
    '?wwww www ++++++ ..N www www++ww wwwwwww ww+++w wwwwww wwwww xx xxxx xx xxx xxxx xxx xx',
  'ReplacePaymentMethod, the same card':
    '?wwww ..w ++++C+ +wN ... ..w++.w ....... ww++Cw wwwwww wwwww xx x..x .x .xx ...x xxx xx',
  'GiveUpPayment, after half an hour':
    '?wwww www +w++++ ww+ www wwwwwww wwwwwww wwDwDw wwwwww wwwww xx .... .. ... .... ... ..',
  RenewReservation: '?wwww ... wwwwww w.w +++ ...wwRw +++2+2+ wwwwww wwwwww wwwww xx x.x. xx xxx xxxx xxx xx',
  RecordReservationExpiry:
    '?.... ... .....+ ... +++ ++++++. +++++++ ww+++. ...... ..... .. ..+. ++ +.. +++x ... ..',
  PlaceHold: '?++++ +++ ++++++ +++ +++ +++++++ ++++++. ++++++ +.++++ wwwww xx xxxx xx xxx xxxx xxx xx',
  ReleaseHold: '?.... ... ...... ... ..+ ....... ....... ...... ...... ..... .. .... .. ... .... ... ..',
  ReleaseToWarehouse:
    '?wwww www wwwwww www w+o wwwwwGw ....... ...... ...... ..... xx xxxx xx xxx xxxx xxx xx',
  RecordPick: '?wwww www wwwwww www www wwwwwww ++..... ...... ...... ..... xx xxxx xx xxx .... ... x.',
  'RecordPick, nothing found':
    '?wwww www wwwwww www www wwwwwww ++..... ...... ...... ..... xx xxxx xx xxx .... ... x.',
  RecordPack: '?wwww www wwwwww www www wwwwwww ww++... ...... ...... ..... xx xxxx xx xxx xx.. ..x xx',
  RequestCharge: '?wwww www wwwwww www www wwwwwww wwww+2o ..w3ww ...... ..... xx xxxx xx xxx xxx. ... x.',
  'RecordCharge, charged':
    '?aaaa aaa aaaaaa aaa aaa aaaaaaa aaaaaaa ++.... ...... ..... aa aaaa aa aaa aaa2 ... a.',
  'RecordCharge, failed':
    '?aaaa aaa aaaaaa aaa aaa aaaaaaa aaaaaaa ++.... ...... ..... aa aaaa aa aaa aaa+ ... a.',
  'RecordCharge, reservation expired':
    '?aaaa aaa aaaaaa aaa aaa aaaaaaa aaaaaaa ++.... ...... ..... aa aaaa aa aaa aaa+ ... a.',
  'RecordCharge, unknown':
    '?aaaa aaa aaaaaa aaa aaa aaaaaaa aaaaaaa +..... ...... ..... aa aaaa aa aaa aaa+ ... a.',
  RecordShipment: '?wwww www wwwwww www www wwwwwww wwwwnnn nnnnnn +o++++ ..... xx xxxx xx xxx xxxx xxx xx',
  GiveUpShipment: '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww ++2232 wwwww xx .... .. ... .... ... ..',
  CompleteOrder: '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww wwwwww ++... xx xxxx xx xxx xxxx xxx xx',
  RecordDelivery: '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww wwwwww +++.+ xx xxxx xx xxx xxxx xxx xx',
  'RequestCancellation, by the customer':
    '?22++ +++ ++++++ +++ +++ +++++++ +++++++ ++++++ 334454 6.lll ll .... .. ... .... ... ..',
  'RecordReservationVoid, of the first':
    '?.... ..w .....+ ... www ww.ww+. wwwwwww wwwww. ...... ..... .. ..++ ++ +.. +++x ... ..',
  'RecordReservationVoid, of the second':
    '?.... ... ...... ... ... ..w.+w. ....... ...... ...... ..... .. .... +. ... .... ... ..',
  RecordPutBack: '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww wwwwww wwwww xx xxxx xx xxx ++++ ++. x.',
  RecordStockRelease:
    '?...w www wwwwww www www wwwwwww wwwwwww wwwwww wwwwww wwwww .. .+++ ++ ++. ++++ +++ ..',
  CancelOrder: '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww wwwwww wwwww xx +hhh hh hh+ hhhh hhh ..',
  'RequestRefund, of ten pounds':
    '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww ++2222 +++++ xx xxxx xx xxx xxxx ZZZ xZ',
  'RequestRefund, of everything':
    '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww ++PP2P +++++ xx xxxx xx xxx xxxx ZZZ xZ',
  'RecordRefund, refunded':
    '?UUUU UUU UUUUUU UUU UUU UUUUUUU UUUUUUU UUUUUU UU++.. UUUUU UU UUUU UU UUU UUUU UUU UU',
  'RecordRefund, failed':
    '?UUUU UUU UUUUUU UUU UUU UUUUUUU UUUUUUU UUUUUU UU++.. UUUUU UU UUUU UU UUU UUUU UUU UU',
  'RecordRefund, unknown':
    '?UUUU UUU UUUUUU UUU UUU UUUUUUU UUUUUUU UUUUUU UU+... UUUUU UU UUUU UU UUU UUUU UUU UU',
  RecordDispute: '?wwww www wwwwww www www wwwwwww wwwwwww wwwwww ++++++ ++++. xx xxxx xx xxx xxxx +++ x+',
  'RequestNotification, order_confirmed':
    '?mmmm mmm mmmmmw mmm +++ ++++++w +++++++ +++++w ++++++ +++++ mm mmmm xx xxx xxxx xxx xx',
  'RequestNotification, payment_needed':
    '?mmmm mmm +m+++m www mmm mmmmmmm mmmmmmm mmmmmm mmmmmm mmmmm mm mmmm mm mmm mmmm mmm mm',
  'RequestNotification, order_cancelled':
    '?mmmm mmm mmmmmm mmm mmm mmmmmmm mmmmmmm mmmmmm mmmmmm mmmmm mm mmmm mm mmm mmmm mmm +m',
  'RecordNotification, before any was asked for':
    '?mmmm mmm mmmmmm mmm mmm mmmmmmm mmmmmmm mmmmmm mmmmmm mmmmm mm mmmm mm mmm mmmm mmm mm',
  'RecordMailReturn, before any was asked for':
    '?mmmm mmm mmmmmm mmm mmm mmmmmmm mmmmmmm mmmmmm mmmmmm mmmmm mm mmmm mm mmm mmmm mmm mm',
};
