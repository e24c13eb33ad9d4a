-- grain: piece
-- reads: piece_needs
-- params: recipient, framework, need
-- units: exact counts of people; only for protection, never for showing
SELECT piece, people, residents
FROM piece_needs
WHERE recipient = $recipient AND framework = $framework AND need = $need
ORDER BY piece
