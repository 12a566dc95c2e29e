{% macro muster_near(place, near) %}
    {#-
        The haversine of the angle between two points (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope
        68, 1984) grows with their distance, so it is compared itself and no angle is computed of it. The earth is a sphere
        of 6371.0088 km, the mean radius of the IUGG. A degree of latitude is 111.195 km everywhere: the first
        comparison leaves most rows out before anything is computed.
    -#}
    {%- set radian = '0.017453292519943295' -%}
    {%- set latitude = muster.muster_cast(muster.muster_column(place.get('of'), place['latitude']), 'double') -%}
    {%- set longitude = muster.muster_cast(muster.muster_column(place.get('of'), place['longitude']), 'double') -%}
    {%- set middle = muster.muster_cast(muster.muster_number(near['latitude']), 'double') -%}
    {%- set kilometres = muster.muster_cast(muster.muster_number(near['kilometres']), 'double') -%}
    {%- set north = 'sin((' ~ latitude ~ ' - ' ~ middle ~ ') * ' ~ radian ~ ' / 2)' -%}
    {%- set east = 'sin((' ~ longitude ~ ' - ' ~ muster.muster_cast(muster.muster_number(near['longitude']), 'double') ~ ') * ' ~ radian ~ ' / 2)' -%}
    {%- set shrink = 'cos(' ~ latitude ~ ' * ' ~ radian ~ ') * cos(' ~ middle ~ ' * ' ~ radian ~ ')' -%}
    {%- set reach = 'sin(' ~ kilometres ~ ' / (2 * 6371.0088))' -%}
    {{- '(' ~ latitude ~ ' between -90 and 90 and ' ~ longitude ~ ' between -180 and 180'
        ~ ' and abs(' ~ latitude ~ ' - ' ~ middle ~ ') <= ' ~ kilometres ~ ' / 111 and '
        ~ north ~ ' * ' ~ north ~ ' + ' ~ shrink ~ ' * ' ~ east ~ ' * ' ~ east ~ ' <= ' ~ reach ~ ' * ' ~ reach ~ ')' -}}
{% endmacro %}
