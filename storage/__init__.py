"""The only SQL: two engines behind one `Database` (storage/database.py), and a module for each thing stored.

Tables keep their original names, because the export uses the same names. Types have the names of the glossary:

    table                        module               type of a row
    members                      members              Member
    threads                      threads              Thread
    muted_clients                muted_clients        MutedClient
    messages                     messages             Message
                                 contact_requests     ContactRequest
    exchanges                    exchanges            ExchangeInThread, Week, StoredRate
    windows                      waiting_threads      UnansweredThread
    snoozes                      snoozes              StoredSnooze
    occurrences                  planned_reminders    Reminder, MissedReminder
                                 deliveries           ClaimedReminder
    deliveries                   deliveries           ClaimedDelivery
    drafts                       drafts               Draft
    jobs                         jobs                 StoredJob, JobTotals
    profile_items                profile              ConfirmedProfile
    goals                        profile              Goal
    calibrations                 profile              DisplayedFigures
    changes, changed_messages    undo_log             UndoStep, Message
    changed_threads              undo_log             Thread
    inboxes                      inboxes              Inbox
    cards, card_items            cards                StoredCard, CardItem
                                 shown_messages       ShownMessage
    mail_addresses, mail_days    mail_addresses       MailAddress
    mail_paths                   mail_addresses       MailPath
    unconfirmed_messages         mail_addresses       none
    erasures                     erased_members       Erasure
    operator_requests            operator_requests    OperatorRequest
    announcement_recipients      operator_requests    AnnouncementRecipient
    blocked_users                blocked_users        none
    synced_commands              synced_commands      SyncedCommands
    duties                       periodic_runs        an instant, or a value
    processes, shards            processes            ProcessAssignment
    claimed_events               event_claims         none
    moving                       admin/copy_database  the origin of an unfinished copy
    migrations                   migrations/run       a step

These columns have other names than their fields, which were renamed later:

    occurrences.occurrence_id    planned_reminder_id
    windows.reminds_from         window_opened_at
    threads.unsorted             unassigned
    messages.exactness, closing  precision, looks_final
    members.handled_id           last_read_message_id
    erasures.handled_id          last_read_message_id
    changes.what                 kind
    drafts.asks                  missing
    goals.line                   earnings_threshold
    inboxes.chosen_at            assigned_at
"""
