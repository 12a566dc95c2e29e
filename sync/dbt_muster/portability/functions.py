"""Functions that a dialect has and sqlglot has no node for; any other such function is a finding.

Each is documented by its warehouse under that name; a function that is missing here is most likely one of
another dialect, or of somebody's own.
"""

from __future__ import annotations

from collections.abc import Mapping

# BigQuery, "GoogleSQL functions".
_BIGQUERY = """
    date_bucket datetime_bucket error ieee_divide range_contains range_end range_start st_dwithin
    st_geogpoint timestamp_bucket
"""

# DuckDB, "Functions".
_DUCKDB = """
    age alias array_cosine_similarity array_distance array_extract array_inner_product array_unique
    array_where base64 bin bit_count cardinality constant_or_null current_setting damerau_levenshtein
    date_part date_sub datepart datesub decade element_at entropy enum_range epoch_ns epoch_us
    equi_width_bins era favg fmod format_bytes fsum gamma gcd generate_subscripts geometric_mean getvariable
    glob hamming hash histogram isfinite isoyear jaccard jaro_similarity json_array_length json_contains
    json_each json_exists json_group_array json_group_object json_merge_patch json_structure json_transform
    json_valid json_value julian kahan_sum lcm lgamma list_aggregate list_any_value list_apply list_avg
    list_cosine_similarity list_count list_extract list_first list_indexof list_last list_median list_mode
    list_position list_product list_reduce list_reverse list_select list_slice list_string_agg list_sum
    list_unique list_where list_zip mad make_timestamp_ms make_timestamp_ns make_timestamptz map_concat
    map_contains map_entries map_extract map_values mean microsecond millennium millisecond nanosecond
    nextval now octet_length ord parse_dirname parse_filename parse_path pg_typeof printf product
    regexp_escape regexp_split_to_array regexp_split_to_table round_even row_to_json sem signbit
    strip_accents strlen struct_concat struct_insert timezone to_base to_hours to_json to_microseconds
    to_milliseconds to_minutes to_months to_seconds to_weeks to_years try_strptime unbin url_decode
    url_encode uuid_extract_timestamp weekday yearweek
"""

# PostgreSQL, "Functions and Operators"; pg_input_is_valid since 16.
_POSTGRES = """
    age array_dims array_fill array_lower array_ndims array_positions array_replace array_to_json
    array_upper bit_count cardinality clock_timestamp convert_from convert_to current_setting currval
    daterange erf every gcd generate_subscripts get_byte isempty isfinite json_array_elements
    json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text
    json_object_keys json_populate_record json_to_record json_to_recordset json_typeof jsonb_agg
    jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object
    jsonb_each jsonb_each_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists
    jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_populate_record
    jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record
    jsonb_to_recordset jsonb_typeof lastval lcm lower_inc lower_inf make_date make_timestamptz min_scale
    nextval num_nonnulls num_nulls numrange octet_length pg_input_is_valid pg_size_pretty pg_typeof
    phraseto_tsquery plainto_tsquery quote_ident quote_literal quote_nullable regexp_match regexp_matches
    regexp_split_to_array regexp_split_to_table row_to_json scale setseed sha224 statement_timestamp
    string_to_table timeofday timezone to_json to_jsonb to_tsquery to_tsvector transaction_timestamp
    trim_scale tsrange tstzrange upper_inc upper_inf websearch_to_tsquery xpath
"""

# Amazon Redshift, "SQL functions reference".
_REDSHIFT = """
    array_flatten bpcharcmp can_json_parse checksum crc32 current_setting date_cmp date_part_year dexp
    fnv_hash func_sha1 get_array_length intersection interval_cmp is_bigint is_boolean is_char is_decimal
    is_float is_integer is_object is_scalar is_smallint is_valid_json is_valid_json_array is_varchar
    json_array_length json_extract_array_element_text json_serialize json_size json_typeof
    lower_attribute_names octet_length quote_ident quote_literal ratio_to_report replicate subarray
    timeofday timezone upper_attribute_names
"""

# Snowflake, "Alphabetical list of functions".
_SNOWFLAKE = """
    arrays_to_object as_array as_binary as_boolean as_char as_date as_decimal as_double as_integer as_number
    as_object as_timestamp_ntz as_varchar hash haversine is_boolean is_date is_decimal is_double is_integer
    is_object is_timestamp_ntz is_varchar last_query_id object_delete object_pick ratio_to_report
    strtok_split_to_table to_geography to_object to_xml truncate try_to_timestamp try_to_timestamp_ltz
    try_to_timestamp_ntz try_to_timestamp_tz
"""

# Spark SQL, "Built-in Functions"; since 4.0 variants.
_SPARK = """
    array_repeat array_union arrays_overlap assert_true bin bround btrim cardinality conv crc32 date_part
    datepart every expm1 find_in_set forall format_number from_csv get hash hypot inline_outer isnotnull
    isnull java_method json_array_length json_tuple log1p make_date make_dt_interval make_timestamp_ltz
    make_timestamp_ntz make_ym_interval map_concat map_entries map_filter map_values map_zip_with mask mean
    monotonically_increasing_id now nullifzero octet_length pmod positive printf raise_error range reflect
    regexp schema_of_csv schema_of_json schema_of_variant sentences session_window some std timestamp_micros
    timestamp_millis timestamp_seconds to_csv to_timestamp_ltz to_timestamp_ntz to_varchar transform_keys
    transform_values try_avg try_mod try_parse_json try_sum try_to_binary try_to_number try_to_timestamp
    try_url_decode try_variant_get url_decode url_encode user validate_utf8 variant_get weekday window
    window_time xpath xpath_string xxhash64 zeroifnull zip_with
"""

# Trino, "List of functions and operators".
_TRINO = """
    all_match any_match approx_most_frequent array_frequency array_union arrays_overlap bar bing_tile
    bit_count checksum classify codepoint combinations contains_sequence cosine_similarity empty_approx_set
    features format_datetime format_number from_base64url from_big_endian_64 from_unixtime_nanos
    geometric_mean great_circle_distance hamming_distance hash_counts histogram hmac_sha256
    human_readable_seconds intersection_cardinality inverse_normal_cdf is_finite is_infinite is_json_scalar
    jaccard_index json_array_get json_array_length json_size learn_classifier luhn_check make_set_digest
    map_agg map_concat map_entries map_filter map_union map_values map_zip_with merge millisecond
    multimap_agg multimap_from_entries murmur3 ngrams none_match normal_cdf numeric_histogram
    parse_data_size parse_duration parse_presto_data_size qdigest_agg regexp_position rgb split_to_multimap
    spooky_hash_v2_64 tdigest_agg timezone timezone_hour timezone_minute to_base to_base64url
    to_big_endian_64 to_iso8601 to_milliseconds transform_keys transform_values url_decode url_encode
    url_extract_fragment url_extract_host url_extract_parameter url_extract_path url_extract_port
    url_extract_protocol url_extract_query value_at_quantile values_at_quantiles with_timezone word_stem
    xxhash64 yow zip zip_with
"""

_LISTS = {
    "bigquery": _BIGQUERY,
    # Databricks SQL, "Alphabetical list of built-in functions", has all of Spark's.
    "databricks": _SPARK,
    "duckdb": _DUCKDB,
    "postgres": _POSTGRES,
    "redshift": _REDSHIFT,
    "snowflake": _SNOWFLAKE,
    "spark": _SPARK,
    "trino": _TRINO,
}

KNOWN: Mapping[str, frozenset[str]] = {dialect: frozenset(names.split()) for dialect, names in _LISTS.items()}
