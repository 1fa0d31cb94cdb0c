-- The draft that the card asks about; 0 once the question has ended; null on other cards.
ALTER TABLE cards ADD COLUMN draft_id INTEGER;
