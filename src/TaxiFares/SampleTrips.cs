using System.Globalization;
using System.Text;

namespace TaxiFares;

/// <summary>Invents trips in the published format, with the published kinds of dirt, so that the pipeline runs before
/// any real data is there. The same files on every machine.</summary>
public static class SampleTrips
{
    private const int Seed = 20190101;
    private const int TripsPerMonth = 5_500;

    private static readonly DateTime[] Months = [new(2019, 1, 1), new(2019, 2, 1), new(2019, 3, 1)];

    // Zones that see many trips, with invented places on a map in miles.
    private static readonly (int Zone, double X, double Y)[] Places =
    [
        (161, 0, 0), (162, 0.3, 0.1), (163, -0.2, 0.5), (170, 0.2, -0.7), (186, -0.6, -0.5), (230, -0.5, 0.3), (234,
            -0.1, -1.2),
        (236, 0.7, 1.9), (237, 0.6, 1.3), (239, -0.6, 1.8), (79, 0.1, -2.3), (87, -0.4, -4.1), (48, -0.9, 0.5), (68,
            -1.0, -0.6),
        (107, 0.4, -1.4), (141, 0.8, 1.0), (142, -0.5, 1.0), (74, 1.6, 3.9), (244, -0.2, 7.0), (33, 1.0, -4.9), (61,
            2.9, -6.0),
        (181, 1.6, -6.2), (129, 4.2, 0.2), (7, 3.2, 0.6), (138, 5.6, 1.4), (132, 11.8, -6.8), (69, 2.4, 5.4), (265,
            -7.0, -3.0),
    ];

    /// <summary>Writes one CSV file a month, replacing those there are.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(Seed);
        foreach (var month in Months)
        {
            var lines = new List<string>();
            while (lines.Count < TripsPerMonth)
                lines.AddRange(Lines(random, month));
            // One file with Windows line ends, as some published months have.
            var lineEnd = month.Month == 2 ? "\r\n" : "\n";
            File.WriteAllText(
                Path.Combine(folder, month.ToString("yyyy-MM", CultureInfo.InvariantCulture) + ".csv"),
                string.Concat(lines.Prepend(Header).Select(line => line + lineEnd)),
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
    }

    private const string Header =
        "vendor_id,pickup_datetime,dropoff_datetime,passenger_count,trip_distance,rate_code_id,store_and_fwd_flag," +
        "pickup_location_id,dropoff_location_id,payment_type,fare_amount,extra,mta_tax,tip_amount,tolls_amount," +
        "improvement_surcharge,total_amount,congestion_surcharge";

    private sealed record Trip(
        DateTime PickupAt, DateTime DropoffAt, int From, int To, double Miles, int Rate, int Passengers, double Fare,
        double Tip);

    private static IEnumerable<string> Lines(Random random, DateTime month)
    {
        var trip = Invent(random, month);
        switch (random.Next(1000))
        {
            case < 2: // charged and refunded
                return [Line(trip, month), Line(trip with { Fare = -trip.Fare, Tip = -trip.Tip }, month)];
            case < 3: // recorded twice
                return [Line(trip, month), Line(trip, month)];
            case < 5: // a negative fare whose charge is in another file
                return [Line(trip with { Fare = -trip.Fare, Tip = -trip.Tip }, month)];
            case < 12: // the meter was started and stopped at once
                return [Line(trip with { Miles = 0, DropoffAt = trip.PickupAt.AddSeconds(20), Fare = 2.5 }, month)];
            case < 14: // left running
                return [Line(trip with { DropoffAt = trip.PickupAt.AddHours(23.6) }, month)];
            case < 15 when random.Next(3) == 0: // a clock that was reset
                return [Line(trip with { PickupAt = new(2008, 12, 31, 23, 2, 14),
                    DropoffAt = new(2008, 12, 31, 23, 31, 48) }, month)];
            case < 20: // a device that sends no vendor, passengers, rate, flag and payment
                return [Line(trip, month, isAnonymous: true)];
            case < 21 when random.Next(3) == 0: // a broken line
                return [Line(trip, month).Replace($",{trip.Passengers},", ",4o,")];
            default:
                return [Line(trip, month)];
        }
    }

    private static Trip Invent(Random random, DateTime month)
    {
        var day = random.Next(DateTime.DaysInMonth(month.Year, month.Month));
        // Most trips are in the evening, fewest at five.
        var hour = Enumerable.Range(0, 3).Select(_ => random.NextDouble() * 24).MinBy(at => Math.Abs(at - 18.5));
        var pickup = month.AddDays(day).AddSeconds(Math.Floor(hour * 3600));
        var from = Places[Math.Min(random.Next(Places.Length), random.Next(Places.Length))];
        var to = Places[Math.Min(random.Next(Places.Length), random.Next(Places.Length))];
        var straight = Math.Abs(from.X - to.X) + Math.Abs(from.Y - to.Y) + (random.NextDouble() * 0.8) + 0.3;
        var miles = Math.Round(straight * (1 + (0.25 * random.NextDouble())), 2);
        var isRush = pickup.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && pickup.Hour is >= 8 and < 19;
        var milesPerHour = (isRush ? 8 : 13) + (miles * 0.9) + (3 * random.NextDouble());
        var traffic = random.NextDouble();
        var minutes = miles / milesPerHour * 60 * (0.65 + (1.5 * traffic * traffic));
        var isJfk = from.Zone == 132 && InManhattan(to.Zone) || to.Zone == 132 && InManhattan(from.Zone);
        var slowMinutes = Math.Max(0, minutes - (miles / 12 * 60));
        var fare = isJfk
            ? 52 : Math.Round((2.5 + (miles * 2.5) + (slowMinutes * 0.5)) * 2, MidpointRounding.AwayFromZero) / 2;
        var tip = random.Next(10) < 7 ? Math.Round(fare * (0.1 + (0.15 * random.NextDouble())), 2) : 0;
        var passengers =
            random.Next(100) switch { < 2 => 0, < 72 => 1, < 86 => 2, < 91 => 3, < 93 => 4, < 97 => 5, _ => 6 };
        return new(pickup, pickup.AddSeconds(Math.Round(minutes * 60)), from.Zone, to.Zone, miles, isJfk ? 2 : 1,
            passengers, fare, tip);
    }

    private static bool InManhattan(int zone) => Zones.GroupOf(zone) == ZoneGroup.Manhattan;

    private static string Line(Trip trip, DateTime month, bool isAnonymous = false)
    {
        var sign = Math.Sign(trip.Fare);
        var surcharge = month >= new DateTime(2019, 2, 1)
            && (InManhattan(trip.From) || InManhattan(trip.To)) ? 2.5 * sign : 0;
        var total = Math.Round(trip.Fare + (0.5 * sign) + trip.Tip + (0.3 * sign) + surcharge, 2);
        var charged = month < new DateTime(2019, 2, 1)
            ? ""
            : surcharge.ToString("0.0#", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Known("2")},{trip.PickupAt:yyyy-MM-dd HH:mm:ss},{trip.DropoffAt:yyyy-MM-dd HH:mm:ss}," +
            $"{Known($"{trip.Passengers}")},{trip.Miles:0.0#},{Known($"{trip.Rate}")},{Known("N")}," +
            $"{trip.From},{trip.To},{Known(trip.Tip > 0 ? "1" : "2")},{trip.Fare:0.0#},0.0,{0.5 * sign:0.0#}," +
            $"{trip.Tip:0.0#},0.0,{0.3 * sign:0.0#},{total:0.0#},{charged}");

        string Known(string text) => isAnonymous ? "" : text;
    }
}
