"""Cost and benefit by agency: who pays, who gains, when, and how sure that is.

definitions   an intervention: whom it reaches, what it costs, what it changes
discounting   the dated schedule that makes later money worth less now
appraising    every amount by line, agency and year, in whole pence
values        fiscal value and public value, which can never be added to each other
totals        net present value, ratios, payback
flows         who pays and who gains, as a table and as a picture
parameters    what may be different, and by how much
sensitivity   one thing at a time, and the figure that flips the decision
chances       everything at once, many times, from one seed
workings      each number with the sources behind it
published     figures that programmes published, and where they contradict each other
"""

from wholeplace.money.benefits.appraising import Amount, Appraisal, appraise
from wholeplace.money.benefits.chances import Chances, draw_chances
from wholeplace.money.benefits.definitions import Assumption, Intervention, Settings
from wholeplace.money.benefits.discounting import DiscountSchedule, load_schedules
from wholeplace.money.benefits.flows import Flow, flows_of
from wholeplace.money.benefits.parameters import Parameter, parameters_of, with_values
from wholeplace.money.benefits.sensitivity import Swing, switching_value, vary_each
from wholeplace.money.benefits.totals import Totals, totals_of
from wholeplace.money.benefits.values import FiscalValue, PublicValue
from wholeplace.money.benefits.workings import Working, workings_of

__all__ = [
    "Amount",
    "Appraisal",
    "Assumption",
    "Chances",
    "DiscountSchedule",
    "FiscalValue",
    "Flow",
    "Intervention",
    "Parameter",
    "PublicValue",
    "Settings",
    "Swing",
    "Totals",
    "Working",
    "appraise",
    "draw_chances",
    "flows_of",
    "load_schedules",
    "parameters_of",
    "switching_value",
    "totals_of",
    "vary_each",
    "with_values",
    "workings_of",
]
