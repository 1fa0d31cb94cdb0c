/**
 * Nintei のメールブリッジ / the mail bridge of Nintei.
 *
 * ランサーズの通知メールの差出人・件名・日時だけを、Discord の Webhook に投稿します。本文は読みません。
 * Posts sender, subject and date of Lancers' notification mails to a Discord webhook. It never reads a mail's body.
 *
 * 設定方法 / how to set it up: docs/mail-bridge.md
 * スクリプト プロパティ / script properties: WEBHOOK_URL, BOT_ID
 */

const SEARCH = 'from:(lancers.co.jp OR lancers.jp) newer_than:2d';
const EVERY_MINUTES = 5;
const MOST_THREADS = 50;
/** Posts in one run; what is left is posted in the next one. */
const MOST_POSTS = 20;
/** Milliseconds between two posts: Discord takes 30 a minute from one webhook. */
const PAUSE = 2100;
/** The longest that is waited for Discord within a run, in seconds. */
const LONGEST_WAIT = 60;
const TRIES = 3;
/** Ids of mails that are remembered as posted: more than two days bring, less than a property holds (9 kB). */
const REMEMBERED = 400;

/** Run this once by hand: only mails that come from now on are posted, every few minutes. */
function install() {
  settings();
  PropertiesService.getScriptProperties().setProperty('SINCE', String(Date.now()));
  ScriptApp.getProjectTriggers()
    .filter((trigger) => trigger.getHandlerFunction() === 'bridge')
    .forEach((trigger) => ScriptApp.deleteTrigger(trigger));
  ScriptApp.newTrigger('bridge').timeBased().everyMinutes(EVERY_MINUTES).create();
}

/** What the trigger runs. */
function bridge() {
  const lock = LockService.getScriptLock();
  if (!lock.tryLock(0)) {
    return; // the run before is still under way
  }
  try {
    const set = settings();
    const properties = PropertiesService.getScriptProperties();
    const done = remembered(properties.getProperty('DONE'));
    const since = Number(properties.getProperty('SINCE') || 0);
    const waiting = newMails(found(), done, since).slice(0, MOST_POSTS);
    for (const mail of waiting) {
      if (!post(set.url, payload(mail, set.bot))) {
        return; // later: it is not remembered, so the next run begins with it
      }
      done.push(mail.id);
      properties.setProperty('DONE', JSON.stringify(done.slice(-REMEMBERED)));
      Utilities.sleep(PAUSE);
    }
  } finally {
    lock.releaseLock();
  }
}

/** What stands in the script properties. */
function settings() {
  const properties = PropertiesService.getScriptProperties();
  const url = (properties.getProperty('WEBHOOK_URL') || '').trim();
  const bot = (properties.getProperty('BOT_ID') || '').trim();
  if (!/^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+$/.test(url)) {
    throw new Error('WEBHOOK_URL に Webhook の URL を設定してください / set WEBHOOK_URL to the address of the webhook');
  }
  if (!/^\d{15,20}$/.test(bot)) {
    throw new Error('BOT_ID にボットの ID（数字）を設定してください / set BOT_ID to the id of the bot, a number');
  }
  return { url, bot };
}

/** The mails of the search: id, sender, subject and date. Nothing else of a mail is asked for. */
function found() {
  return GmailApp.search(SEARCH, 0, MOST_THREADS).flatMap((thread) =>
    thread.getMessages().map((message) => ({
      id: message.getId(),
      from: message.getFrom(),
      subject: message.getSubject(),
      date: message.getDate(),
    })),
  );
}

/** Those to be posted, the oldest first. */
function newMails(mails, done, since) {
  const posted = new Set(done);
  return mails
    .filter((mail) => !posted.has(mail.id) && mail.date.getTime() >= since && concerns(mail))
    .sort((one, other) => one.date.getTime() - other.date.getTime());
}

/** Whether a mail is of Lancers and may be told: a log-in code's never leaves the mailbox, not even its subject. */
function concerns(mail) {
  const address = (/<([^<>]*)>\s*$/.exec(mail.from) || [null, mail.from])[1].trim();
  const subject = oneLine(mail.subject);
  return /@(?:[a-z0-9-]+\.)*lancers\.(?:co\.)?jp$/i.test(address) && subject !== '' && !subject.includes('認証コード');
}

/** What is posted of a mail. The bot is mentioned and nobody else can be: so Discord lets it read the post. */
function payload(mail, bot) {
  const seconds = Math.floor(mail.date.getTime() / 1000);
  return {
    content: `<@${bot}>`,
    embeds: [
      {
        fields: [
          { name: '件名', value: oneLine(mail.subject).slice(0, 500) },
          { name: '差出人', value: oneLine(mail.from).slice(0, 300) },
          { name: '日時', value: `<t:${seconds}:F>` },
        ],
      },
    ],
    allowed_mentions: { parse: [], users: [bot] },
  };
}

function oneLine(text) {
  return String(text || '').normalize('NFC').replace(/[\s\u0000-\u001f]+/g, ' ').trim();
}

/** Post; false: Discord takes no more now. Throws when it never will: Google then writes to whoever installed this. */
function post(url, body) {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const answer = UrlFetchApp.fetch(`${url}?wait=true`, {
      method: 'post',
      contentType: 'application/json',
      payload: JSON.stringify(body),
      muteHttpExceptions: true,
    });
    const code = answer.getResponseCode();
    if (code >= 200 && code < 300) {
      return true;
    }
    if (code !== 429) {
      if (code >= 500) {
        return false;
      }
      throw new Error(`Discord に断られました（${code}）。Webhook があるか確認してください / Discord refused (${code})`);
    }
    const wait = retryAfter(answer.getContentText());
    if (wait > LONGEST_WAIT) {
      return false;
    }
    Utilities.sleep(Math.ceil(wait * 1000));
  }
  return false;
}

/** The seconds that Discord asks to wait. */
function retryAfter(text) {
  try {
    const wait = Number(JSON.parse(text).retry_after);
    return wait >= 0 ? wait : LONGEST_WAIT + 1;
  } catch (unread) {
    return LONGEST_WAIT + 1; // not Discord's own words: somebody in between
  }
}

/** The ids of the mails that were posted. */
function remembered(written) {
  try {
    const ids = JSON.parse(written || '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch (unread) {
    return []; // posted once more at worst: the bot records the same mail once
  }
}
