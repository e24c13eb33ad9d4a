-- grain: area_set, area_code
-- reads: areas
-- params: area_set
-- Areas of one set, with their drawing.
SELECT area_set, set_title, area_code, name, path, view_box, label_x, label_y
FROM areas
WHERE area_set = $area_set
ORDER BY area_code
