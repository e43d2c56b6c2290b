"""The console's Textual app: composes, binds, polls, and delegates."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from textual import events, on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.worker import Worker

from console.actions import ACTIONS, HINTED, parse
from console.arming import Arming
from console.palette import ActionProvider
from console.reader import Reader
from console.requests import Requests
from console.views import Handler, Views
from operations.plan.models import Plan
from screens.constraint_lines import constraint_page
from screens.cutover import CutoverScreen
from screens.glyphs import choose_glyphs
from screens.kit import Kit, Link
from screens.messages import FeedArrived, MetricsArrived, TroubleArrived, ViewArrived
from screens.metric import MetricScreen
from screens.ports import Banner, Desk, Feed, MetricsFeed
from screens.quit import QuitScreen
from screens.reading import ReadingScreen
from screens.text import clean
from screens.times import Zone
from state.metrics import MetricsSnapshot
from state.projections.status import PlanStatus, RunState
from themes.loader import DEFAULT_THEME, NO_COLOUR_THEME, load_themes
from themes.names import FALLBACKS

__all__ = ["CutoverApp", "Link"]
