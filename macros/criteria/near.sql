{% macro muster_near(place, near) %}
    {#-
        The haversine of the angle between two points grows with their distance, so it is compared itself and no
        angle is computed of it. A degree of latitude is 111.195 km everywhere: the first comparison leaves most rows
        out before anything is computed.
    -#}
    {%- set latitude = muster.muster_cast(muster.muster_column(place.get('of'), place['latitude']), 'double') -%}
    {%- set middle = muster.muster_cast(muster.muster_number(near['latitude']), 'double') -%}
    {%- set kilometres = muster.muster_cast(muster.muster_number(near['kilometres']), 'double') -%}
    {%- set reach = 'sin(' ~ kilometres ~ ' / (2 * 6371.0088))' -%}
    {{- '(' ~ muster._muster_is_on_earth(place)
        ~ ' and abs(' ~ latitude ~ ' - ' ~ middle ~ ') <= ' ~ kilometres ~ ' / 111 and '
        ~ muster._muster_haversine(place, near) ~ ' <= ' ~ reach ~ ' * ' ~ reach ~ ')' -}}
{% endmacro %}


{% macro muster_distance(place, near) %}
    {#- What rounding leaves above 1 for two ends of the earth is 1: no angle has a larger sine. -#}
    {%- set sine = 'sqrt(' ~ muster._muster_haversine(place, near) ~ ')' -%}
    {{- 'case when ' ~ muster._muster_is_on_earth(place)
        ~ ' then 2 * 6371.0088 * asin(case when ' ~ sine ~ ' > 1 then 1 else ' ~ sine ~ ' end) end' -}}
{% endmacro %}


{% macro _muster_is_on_earth(place) %}
    {%- set latitude = muster.muster_cast(muster.muster_column(place.get('of'), place['latitude']), 'double') -%}
    {%- set longitude = muster.muster_cast(muster.muster_column(place.get('of'), place['longitude']), 'double') -%}
    {{- latitude ~ ' between -90 and 90 and ' ~ longitude ~ ' between -180 and 180' -}}
{% endmacro %}


{% macro _muster_haversine(place, near) %}
    {#-
        Of the angle between two points: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984. The
        earth is a sphere of 6371.0088 km, the mean radius of the IUGG.
    -#}
    {%- set radian = '0.017453292519943295' -%}
    {%- set latitude = muster.muster_cast(muster.muster_column(place.get('of'), place['latitude']), 'double') -%}
    {%- set longitude = muster.muster_cast(muster.muster_column(place.get('of'), place['longitude']), 'double') -%}
    {%- set middle = muster.muster_cast(muster.muster_number(near['latitude']), 'double') -%}
    {%- set north = 'sin((' ~ latitude ~ ' - ' ~ middle ~ ') * ' ~ radian ~ ' / 2)' -%}
    {%- set east = 'sin((' ~ longitude ~ ' - ' ~ muster.muster_cast(muster.muster_number(near['longitude']), 'double') ~ ') * ' ~ radian ~ ' / 2)' -%}
    {%- set shrink = 'cos(' ~ latitude ~ ' * ' ~ radian ~ ') * cos(' ~ middle ~ ' * ' ~ radian ~ ')' -%}
    {{- north ~ ' * ' ~ north ~ ' + ' ~ shrink ~ ' * ' ~ east ~ ' * ' ~ east -}}
{% endmacro %}
