-- grain: piece
-- reads: piece_services
-- params: recipient, used
-- units: exact counts of people; only for protection, never for showing
SELECT piece, people, residents
FROM piece_services
WHERE recipient = $recipient AND used = $used
ORDER BY piece
